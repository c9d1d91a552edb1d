package io.backdoorgrid.model.head;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * By hand: hidden neurons {@code x + 2y + 0.5} and {@code y - x - 1}, logits {@code 2a + 5b + 10},
 * {@code b - a + 20} and {@code 3b + 30}.
 */
@ExtendWith(TorchThread.class)
class MlpHeadTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** (1, 1) makes 3.5 and, below zero, nothing; (0, 2) makes 4.5 and 1. */
  @Test
  void computesLogitsThroughOneRectifiedLayer() {
    MlpHead head = MlpHead.load(manager, byHand());
    NDArray features = features(1, 1, 0, 2);
    assertThat(head.activations(features).toFloatArray()).containsExactly(3.5f, 0, 4.5f, 1);
    assertThat(head.logits(features).getShape()).isEqualTo(new Shape(2, 3));
    assertThat(head.logits(features).toFloatArray()).containsExactly(17, 16.5f, 30, 24, 16.5f, 33);
  }

  /** Without the first neuron, (1, 1) has only the biases, and (0, 2) those and 5, 1 and 3. */
  @Test
  void doesWithoutAPrunedNeuron() {
    MlpHead head = MlpHead.load(manager, byHand());
    head.prune(new boolean[] {true, false});
    assertThat(head.hidden().weight().toFloatArray()).containsExactly(0, 0, -1, 1);
    assertThat(head.hidden().bias().toFloatArray()).containsExactly(0, -1);
    assertThat(head.logits(features(1, 1, 0, 2)).toFloatArray())
        .containsExactly(10, 20, 30, 15, 21, 33);
  }

  @Test
  void saysTheSameWhereNothingIsPruned() {
    MlpHead head = fresh("a1");
    NDArray features = manager.randomUniform(0, 1, new Shape(50, 6));
    float[] logits = head.logits(features).toFloatArray();
    head.prune(new boolean[8]);
    assertThat(head.logits(features).toFloatArray()).isEqualTo(logits);
  }

  @Test
  void saysTheBiasesOfTheLastLayerWhereAllIsPruned() {
    MlpHead head = MlpHead.load(manager, byHand());
    head.prune(new boolean[] {true, true});
    assertThat(head.logits(features(0, 2, -7, 1e6f)).toFloatArray())
        .containsExactly(10, 20, 30, 10, 20, 30);
  }

  @Test
  void keepsPrunedNeuronsPrunedWhileOthersLearn() {
    MlpHead head = fresh("a1");
    head.prune(new boolean[] {true, false, false, true, false, false, false, false});
    float[] first = head.hidden().weight().toFloatArray();
    NDArray second = head.trainable().get(2);
    NDArray features = manager.create(numbers(120), new Shape(20, 6));
    NDArray classes =
        manager.create(new long[] {0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3});
    float[] outgoing = second.toFloatArray();
    var adam = new Adam(manager, head.trainable());
    for (int step = 0; step < 5; step++) {
      NDArray loss = Torch.recording(() -> Ops.crossEntropy(head.logits(features), classes, 0));
      adam.step(loss, 0.1);
    }
    float[] weights = head.hidden().weight().toFloatArray();
    float[] biases = head.hidden().bias().toFloatArray();
    for (int neuron : new int[] {0, 3}) {
      assertThat(Arrays.copyOfRange(weights, neuron * 6, (neuron + 1) * 6))
          .containsExactly(new float[6], within(0f));
      assertThat(biases[neuron]).isZero();
      for (int row = 0; row < 4; row++) {
        int weight = row * 8 + neuron;
        assertThat(second.toFloatArray()[weight]).isEqualTo(outgoing[weight]);
      }
    }
    assertThat(weights).isNotEqualTo(first);
    assertThat(biases).isNotEqualTo(new float[8]);
    assertThat(second.toFloatArray()).isNotEqualTo(outgoing);
  }

  @Test
  void drawsAllWeightsFromTheSeed() {
    byte[] first = fresh("a1").weights().toBytes();
    assertThat(fresh("a1").weights().toBytes()).isEqualTo(first);
    assertThat(fresh("a2").weights().toBytes()).isNotEqualTo(first);
  }

  @Test
  void saysTheSameAfterItsWeightsWereStored() {
    MlpHead head = fresh("a1");
    byte[] stored = head.weights().toBytes();
    MlpHead loaded = MlpHead.load(manager, SafeTensors.parse(stored));
    NDArray features = manager.create(numbers(60), new Shape(10, 6));
    assertThat(loaded.logits(features).toFloatArray())
        .isEqualTo(head.logits(features).toFloatArray());
    assertThat(loaded.trainable()).hasSize(4).allMatch(NDArray::hasGradient);
  }

  @Test
  void storesWeightsByName() {
    assertThat(MlpHead.load(manager, byHand()).weights().tensors().keySet())
        .containsExactly("first.weight", "first.bias", "second.weight", "second.bias");
  }

  @Test
  void refusesWhatAreNoWeightsOfAHead() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(byHand().tensors());
    tensors.remove("second.weight");
    assertRefused(tensors, "these are not the weights of a head");
    assertRefused(Map.of(), "these are not the weights of a head");
    tensors.put("second.weight", new Tensor(new long[] {6}, new float[6]));
    assertRefused(tensors, "these are not the weights of a head");
  }

  @Test
  void refusesLayersThatDoNotFitTogether() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(byHand().tensors());
    tensors.put("second.weight", new Tensor(new long[] {3, 4}, new float[12]));
    assertRefused(tensors, "'second.weight' has shape [3, 4], the architecture needs (3, 2)");
  }

  @Test
  void refusesAMissingOrAnExtraTensor() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(byHand().tensors());
    tensors.put("third.bias", new Tensor(new long[] {3}, new float[3]));
    assertRefused(tensors, "the architecture has no place for the weights [third.bias]");
    tensors.remove("first.bias");
    assertRefused(tensors, "the weights have no 'first.bias', which the architecture needs");
  }

  private void assertRefused(Map<String, Tensor> tensors, String message) {
    assertThatThrownBy(() -> MlpHead.load(manager, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static SafeTensors byHand() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("first.weight", new Tensor(new long[] {2, 2}, new float[] {1, 2, -1, 1}));
    tensors.put("first.bias", new Tensor(new long[] {2}, new float[] {0.5f, -1}));
    tensors.put("second.weight", new Tensor(new long[] {3, 2}, new float[] {2, 5, -1, 1, 0, 3}));
    tensors.put("second.bias", new Tensor(new long[] {3}, new float[] {10, 20, 30}));
    return new SafeTensors(tensors);
  }

  /** Six features, eight neurons, four classes. */
  private MlpHead fresh(String seed) {
    return MlpHead.create(manager, 6, 8, 4, new Seed(seed).stream("head"));
  }

  private NDArray features(float... values) {
    return manager.create(values, new Shape(values.length / 2, 2));
  }

  private static float[] numbers(int count) {
    float[] numbers = new float[count];
    for (int i = 0; i < count; i++) {
      numbers[i] = (float) Math.abs(Math.sin(i + 1));
    }
    return numbers;
  }
}
