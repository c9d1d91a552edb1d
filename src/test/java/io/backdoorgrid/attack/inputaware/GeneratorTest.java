package io.backdoorgrid.attack.inputaware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class GeneratorTest {

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** As the authors' networks have for images of three channels. */
  @Test
  void hasThePapersSize() {
    assertThat(weights(fresh(3, 32))).isEqualTo(723_273);
    assertThat(weights(fresh(1, 32))).isEqualTo(722_691);
  }

  @Test
  void makesAPictureOfTheSameSizeBetweenZeroAndOne() {
    NDArray made = fresh(1, 4).apply(images(2, 32), true);
    assertThat(made.getShape()).isEqualTo(new Shape(2, 1, 32, 32));
    for (float value : made.toFloatArray()) {
      assertThat(value).isStrictlyBetween(0f, 1f);
    }
  }

  /**
   * At a width of 1 and 8x8 pixels, multiplications of 3x3 kernels by their area: down 64 (3 + 1),
   * 16 (2 + 4), 4 (8 + 16), in between 16, up 4 (16 + 8), 16 (4 + 2), 64 (1 + 2).
   */
  @Test
  void countsItsMultiplications() {
    double sum = 64 * 4 + 16 * 6 + 4 * 24 + 16 + 4 * 24 + 16 * 6 + 64 * 3;
    assertThat(Generator.gigaMultiplications(new ImageShape(8, 8, 3), 2, 1))
        .isCloseTo(9 * sum / 1e9, within(1e-15));
  }

  /** Batch-norm makes it depend on the company only while it is trained. */
  @Test
  void treatsEachImageAloneOnceItIsTrained() {
    Generator generator = fresh(3, 4);
    NDArray three = images(3, 16);
    NDArray one = three.get("0:1");
    assertThat(generator.apply(three, true).get("0:1").toFloatArray())
        .isNotEqualTo(generator.apply(one, true).toFloatArray());
    assertThat(generator.apply(three, false).get("0:1").toFloatArray())
        .containsExactly(generator.apply(one, false).toFloatArray(), within(1e-6f));
  }

  /** A batch moves the statistics by a twentieth: 0.95 of the first variance, which is 1, stay. */
  @Test
  void movesItsStatisticsByATwentieth() {
    Generator generator = fresh(3, 4);
    generator.apply(images(2, 16), true);
    float[] variances = generator.weights().tensors().get("middle.norm.running_var").values();
    for (float variance : variances) {
      assertThat(variance).isBetween(0.95f, 0.999f);
    }
  }

  @Test
  void comesBackFromItsWeights() {
    Generator generator = fresh(1, 4);
    generator.apply(images(4, 16), true); // moves the statistics
    Generator loaded = Generator.load(manager, 3, 1, generator.weights());
    NDArray images = images(2, 16);
    assertThat(loaded.apply(images, false).toFloatArray())
        .isEqualTo(generator.apply(images, false).toFloatArray());
  }

  @Test
  void refusesWeightsThatAreNotItsOwn() {
    SafeTensors weights = fresh(1, 4).weights();
    assertThatThrownBy(() -> Generator.requireFit(3, 3, weights))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "'up.5.conv.weight' has shape [1, 4, 3, 3], the architecture needs (3, 4, 3, 3)");
    Map<String, SafeTensors.Tensor> others = new LinkedHashMap<>(weights.tensors());
    others.remove("down.0.conv.weight");
    assertThatThrownBy(() -> Generator.load(manager, 3, 1, new SafeTensors(others)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("these are not a generator's weights");
  }

  private static long weights(Generator generator) {
    return generator.trainable().stream().mapToLong(NDArray::size).sum();
  }

  private Generator fresh(int out, int width) {
    return Generator.create(manager, 3, out, width, new Seed("a1").stream("generator"));
  }

  private NDArray images(int count, int edge) {
    var random = new Random(1);
    float[] values = new float[count * 3 * edge * edge];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat() * 4 - 2;
    }
    return manager.create(values, new Shape(count, 3, edge, edge));
  }
}
