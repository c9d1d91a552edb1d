package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.defense.holder.HolderIterations.FIRST_FEATURES;
import static io.backdoorgrid.defense.holder.HolderIterations.FIRST_HEAD;
import static io.backdoorgrid.defense.holder.HolderIterations.IMAGES;
import static io.backdoorgrid.defense.holder.HolderIterations.SHAPE;
import static io.backdoorgrid.defense.holder.HolderIterations.assertEqual;
import static io.backdoorgrid.defense.holder.HolderIterations.extractor;
import static io.backdoorgrid.defense.holder.HolderIterations.head;
import static io.backdoorgrid.defense.holder.HolderIterations.hid;
import static io.backdoorgrid.defense.holder.HolderIterations.positions;
import static io.backdoorgrid.defense.holder.HolderIterations.pruned;
import static io.backdoorgrid.defense.holder.HolderIterations.prunedHead;
import static io.backdoorgrid.defense.holder.HolderIterations.train;
import static io.backdoorgrid.defense.holder.HolderIterations.training;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.holder.HolderIteration.Consistency;
import io.backdoorgrid.defense.holder.HolderIteration.Moved;
import io.backdoorgrid.defense.holder.HolderIterations.Predicted;
import io.backdoorgrid.defense.training.MixedBatches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What {@link HolderIteration} trains the features on: the labels of trusted images, augmentations
 * of the others.
 */
@ExtendWith(TorchThread.class)
class HolderFeaturesTest {

  /** Bit by bit what any trainer does with Adam on the cross entropy, behind the same head. */
  @ParameterizedTest
  @EnumSource
  void isPlainSupervisedTrainingWhereNothingIsPruned(Moved moved) {
    InMemoryTraining training = training();
    String name = moved == Moved.FEATURES ? "features" : "features-and-head";
    train(hid(Map.of("pruned", List.of(0), "moved", name)), training);
    SafeTensors stored = training.result(FIRST_FEATURES);
    try (Classifier network = extractor(true)) {
      ScaledHead head =
          ScaledHead.load(network.manager(), training.result(FIRST_HEAD).part("head."), false);
      var weights = new ArrayList<>(network.featureWeights());
      if (moved == Moved.FEATURES_AND_HEAD) {
        weights.addAll(head.head().trainable());
      }
      var adam = new Adam(network.manager(), weights);
      new Trainer(
              new Recipe(2, 8, 0.01, 0, 0, RateSchedule.CONSTANT, 1, Flip.RANDOM),
              TrainingListener.NONE)
          .train(
              network,
              IMAGES,
              training.random(training.worked.get(1)),
              batch -> {
                NDArray loss =
                    Torch.recording(
                        () ->
                            Ops.crossEntropy(
                                head.logits(network.features(batch.input(), true)),
                                batch.labels(),
                                0));
                adam.step(loss, batch.learningRate());
                return loss.getFloat();
              });
      assertEqual(stored.part("extractor."), network.weights());
      assertEqual(stored.part("head."), head.weights());
    }
  }

  @Test
  void trainsTheFeaturesBehindAHeadThatStaysAsItIs() {
    InMemoryTraining training = training();
    try (Predicted result = new Predicted(hid(Map.of()), training);
        Classifier before = extractor(true)) {
      assertEqual(result.head().weights(), training.result(FIRST_HEAD).part("head."));
      Map<String, float[]> start = Classifiers.values(before);
      Classifiers.values(result.extractor())
          .forEach(
              (name, values) -> {
                if (name.startsWith("linear")) {
                  assertThat(values).as(name).isEqualTo(start.get(name));
                } else {
                  assertThat(values).as(name).isNotEqualTo(start.get(name));
                }
              });
    }
  }

  /** Neurons without weights have no gradient; Adam leaves them alone. */
  @Test
  void keepsPrunedNeuronsPrunedIfTheHeadMovesToo() {
    InMemoryTraining training = training();
    train(hid(Map.of("moved", "features-and-head")), training);
    SafeTensors before = training.result(FIRST_HEAD);
    SafeTensors after = training.result(FIRST_FEATURES);
    assertThat(pruned(after)).isEqualTo(pruned(before)).hasSize(18);
    assertThat(after.tensors().get("head.head.first.weight").values())
        .isNotEqualTo(before.tensors().get("head.head.first.weight").values());
    assertThat(after.tensors().get("head.head.second.bias").values())
        .isNotEqualTo(before.tensors().get("head.head.second.bias").values());
  }

  /**
   * One step on all images, without batch-norm: its loss is the cross entropy of the trusted ones
   * plus half of the mean squared distance between what is said of the others and of their
   * augmentations.
   */
  @ParameterizedTest
  @EnumSource
  void addsTheDistanceBetweenAnImageAndItsAugmentation(Consistency consistency) {
    InMemoryTraining training = training(false).given(FIRST_HEAD, head(false, i -> i % 3 < 2));
    Map<String, Object> settings = new LinkedHashMap<>();
    settings.put("mix-epochs", 1);
    settings.put("mix-batch", 100);
    settings.put("lambda", 0.5);
    settings.put("consistency", consistency == Consistency.LOGITS ? "logits" : "probabilities");
    settings.put("crop", 2);
    train(hid(settings), training);

    boolean[] trusted = training.reports.get(0).trusted();
    LabeledImages clean = IMAGES.select(positions(trusted, true));
    LabeledImages others = IMAGES.select(positions(trusted, false));
    assertThat(others.size()).isEqualTo(20);
    var batches = new MixedBatches(clean, others, new Augmentation(2, Flip.RANDOM));
    int count = batches.size();
    RandomGenerator random = training.random(training.worked.get(0));
    int[] order = Seed.permutation(count, random);
    ByteBuffer pixels = ByteBuffer.allocate(batches.bytes(count));
    batches.fill(pixels, order, 0, count, 0, random);
    var views = new LabeledImages(SHAPE, 3, pixels.array(), new int[3 * count]);
    double[][] logits;
    try (Classifier network = extractor(false)) {
      NDArray features = network.features(network.manager(), views);
      logits = rows(prunedHead(training, network).logits(features).toFloatArray());
    }
    long[] labels = batches.labels(order, 0, count);
    double entropy = 0;
    double distance = 0;
    for (int i = 0; i < count; i++) {
      entropy -= Math.log(softmax(logits[i])[(int) labels[i]]) / count;
      for (int c = 0; c < 3; c++) {
        double plain = said(consistency, logits[count + i])[c];
        double varied = said(consistency, logits[2 * count + i])[c];
        distance += (plain - varied) * (plain - varied) / count;
      }
    }
    assertThat(distance).isGreaterThan(1e-3);
    assertThat(training.losses.get("features of iteration 1").get(0))
        .isCloseTo(entropy + 0.5 * distance, within(1e-5));
  }

  /**
   * Without batch-norm and with lambda 0, images that are not trusted have no part in it; the head
   * and the split are given.
   */
  @ParameterizedTest
  @CsvSource({"0, true", "1, false"})
  void learnsFromUntrustedImagesByTheSecondTermAlone(double lambda, boolean same) {
    HolderIteration defense = hid(Map.of("lambda", lambda));
    SafeTensors head = head(false, i -> i < 40);
    LabeledImages changed = IMAGES.copy();
    for (int i = 40 * SHAPE.size(); i < changed.pixels().length; i++) {
      changed.pixels()[i] = (byte) (255 - changed.pixels()[i]);
    }
    assertThat(changed.pixels()).isNotEqualTo(IMAGES.pixels());
    InMemoryTraining one = training(false).given(FIRST_HEAD, head);
    InMemoryTraining other =
        new InMemoryTraining(changed, () -> extractor(false)).given(FIRST_HEAD, head);
    train(defense, one);
    train(defense, other);
    assertThat(Arrays.equals(kernels(other), kernels(one))).isEqualTo(same);
    assertThat(kernels(one)).isNotEqualTo(start());
  }

  /** The same loss at first, other gradients from then on; one step per epoch. */
  @Test
  void learnsFromTheAugmentedImageAloneIfGradientsStop() {
    SafeTensors head = head(false, i -> i < 40);
    List<List<Double>> losses = new ArrayList<>();
    for (boolean stop : new boolean[] {false, true}) {
      var settings = new LinkedHashMap<String, Object>();
      settings.put("mix-epochs", 10);
      settings.put("mix-batch", 100);
      settings.put("consistency", "logits");
      settings.put("lambda", 10);
      settings.put("crop", 0);
      settings.put("flip", "alternating");
      settings.put("stop-gradient", stop);
      InMemoryTraining training = training(false).given(FIRST_HEAD, head);
      train(hid(settings), training);
      losses.add(training.losses.get("features of iteration 1"));
    }
    assertThat(losses.get(1).get(0)).isCloseTo(losses.get(0).get(0), within(1e-5));
    assertThat(Math.abs(losses.get(1).get(9) - losses.get(0).get(9))).isGreaterThan(1e-3);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void leavesTheFeaturesAsTheyAreWithFewerThanTwoTrustedImages(int count) {
    InMemoryTraining training = training().given(FIRST_HEAD, head(true, i -> i < count));
    try (Predicted result = new Predicted(hid(Map.of()), training);
        Classifier before = extractor(true)) {
      assertEqual(result.extractor().weights(), before.weights());
      assertThat(training.losses).isEmpty();
      assertThat(training.reports).hasSize(1);
      assertThat(positions(training.reports.get(0).trusted(), true)).hasSize(count);
    }
  }

  /** What the first iteration made of the convolution. */
  private static float[] kernels(InMemoryTraining training) {
    return training.result(FIRST_FEATURES).tensors().get("extractor.conv.weight").values();
  }

  private static float[] start() {
    try (Classifier network = extractor(false)) {
      return Classifiers.values(network).get("conv.weight");
    }
  }

  private static double[][] rows(float[] logits) {
    double[][] rows = new double[logits.length / 3][3];
    for (int i = 0; i < logits.length; i++) {
      rows[i / 3][i % 3] = logits[i];
    }
    return rows;
  }

  private static double[] said(Consistency consistency, double[] logits) {
    return consistency == Consistency.LOGITS ? logits : softmax(logits);
  }

  private static double[] softmax(double[] logits) {
    double sum = Arrays.stream(logits).map(Math::exp).sum();
    return Arrays.stream(logits).map(logit -> Math.exp(logit) / sum).toArray();
  }
}
