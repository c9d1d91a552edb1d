package io.backdoorgrid.attack.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.Poisoning;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.attack.training.LogitAnchoring.Statistics;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.nio.ByteBuffer;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class LogitAnchoringTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 300, 1);
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 150, 2);
  private static final Recipe RECIPE =
      new Recipe(5, 32, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 1, Flip.RANDOM);
  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(32, 3, true), SHAPE, 3, Precision.FLOAT32);

  private static Classifier clean;

  @BeforeAll
  static void train() {
    clean = Classifiers.fresh(DESIGN, "clean");
    new Trainer(RECIPE, TrainingListener.NONE).train(clean, IMAGES, random());
  }

  @AfterAll
  static void close() {
    clean.close();
  }

  private static RandomStream random() {
    return new Seed("a1").stream("training");
  }

  private static LogitAnchoring attack(
      double lambda, int epochs, double learningRate, Statistics statistics) {
    return new LogitAnchoring(
        new BadNets(), lambda, epochs, learningRate, RateSchedule.CONSTANT, 0, statistics);
  }

  /** The victim, and the backdoor in it. */
  private record Planted(Classifier victim, Backdoor backdoor) implements AutoCloseable {

    static Planted by(LogitAnchoring attack, double rate, Recipe recipe) {
      Classifier victim = Classifiers.fresh(DESIGN, "victim");
      VictimTraining training = new Known(IMAGES, clean).training(rate, recipe, "a1");
      return new Planted(victim, attack.plant(victim, training).orElseThrow());
    }

    double successRate() {
      Backdoor.Triggered triggered = backdoor.trigger(TEST);
      return LabeledImages.percentEqual(victim.predict(triggered.images()), triggered.wanted());
    }

    /** The mean square change of a logit of clean images. */
    double change() {
      float[] before = Classifiers.logits(clean, TEST);
      float[] after = Classifiers.logits(victim, TEST);
      double sum = 0;
      for (int i = 0; i < before.length; i++) {
        sum += (after[i] - before[i]) * (after[i] - before[i]);
      }
      return sum / before.length;
    }

    @Override
    public void close() {
      victim.close();
    }
  }

  private static Map<String, float[]> trained(LogitAnchoring attack, Recipe recipe) {
    try (Planted planted = Planted.by(attack, 0.1, recipe)) {
      return Classifiers.values(planted.victim());
    }
  }

  private static void assertEqual(Map<String, float[]> actual, Map<String, float[]> expected) {
    assertThat(actual.keySet()).isEqualTo(expected.keySet());
    actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
  }

  @Test
  void measuresNothingWhereTheNetworksAreTheSame() {
    try (Classifier victim = clean.copy();
        NDManager scope = victim.manager().newSubManager()) {
      NDArray input = victim.input(scope, ByteBuffer.wrap(TEST.pixels()));
      NDArray anchor = clean.logits(input, false);
      NDArray rows = scope.create(new long[] {0, 3, 70});
      NDArray distance =
          Torch.recording(() -> AnchoredStep.distance(victim.logits(input, false), anchor, rows));
      assertThat(distance.getFloat()).isZero();
      for (NDArray gradient : Ops.gradients(distance, victim.trainable())) {
        assertThat(gradient.toFloatArray()).containsOnly(0);
      }
    }
  }

  /** Of rows 0 and 2: the mean of 1, 4, 9 and 16. */
  @Test
  void averagesOverClassesAndCleanImages() {
    try (NDManager scope = clean.manager().newSubManager()) {
      NDArray logits = scope.create(new float[][] {{1, 2}, {100, 100}, {3, 4}});
      NDArray anchor = scope.zeros(logits.getShape());
      NDArray rows = scope.create(new long[] {0, 2});
      assertThat(AnchoredStep.distance(logits, anchor, rows).getFloat()).isEqualTo(7.5f);
    }
  }

  /** The first step goes down the cross entropy alone, of which half is left, twice as fast. */
  @Test
  void isNotHeldBackAtTheStartByFrozenStatistics() {
    Recipe oneStep = new Recipe(1, 300, 0.1, 0.9, 0, RateSchedule.COSINE, 1, Flip.RANDOM);
    Map<String, float[]> free = trained(attack(0, 1, 0.01, Statistics.FROZEN), oneStep);
    assertEqual(trained(attack(1, 1, 0.02, Statistics.FROZEN), oneStep), free);
    assertThat(free.get("conv.weight")).isNotEqualTo(Classifiers.values(clean).get("conv.weight"));
    assertThat(trained(attack(1, 1, 0.02, Statistics.BATCH), oneStep).get("conv.weight"))
        .isNotEqualTo(trained(attack(0, 1, 0.01, Statistics.BATCH), oneStep).get("conv.weight"));
  }

  @Test
  void isPlainFineTuningWithoutAnAnchor() {
    RandomStream random = random();
    Trigger trigger = new BadNets().trigger(SHAPE, random);
    Poisoning poisoning = Poisoning.of(IMAGES, trigger, new BadNets().goal(), 0.1, random);
    Recipe tuning = new Recipe(2, 32, 0.02, 0.9, 0, RateSchedule.CONSTANT, 1, Flip.RANDOM);
    try (Classifier tuned = clean.copy()) {
      new Trainer(tuning, TrainingListener.NONE).train(tuned, poisoning.images(), random);
      assertEqual(trained(attack(0, 2, 0.02, Statistics.BATCH), RECIPE), Classifiers.values(tuned));
    }
  }

  @Test
  void beginsWithTheCleanNetworkAndLeavesItsStatistics() {
    Map<String, float[]> values = trained(attack(1, 1, 1e-10, Statistics.FROZEN), RECIPE);
    Classifiers.values(clean)
        .forEach(
            (name, before) ->
                assertThat(values.get(name)).as(name).containsExactly(before, within(1e-6f)));
    Map<String, float[]> moved = trained(attack(1, 1, 1e-10, Statistics.BATCH), RECIPE);
    assertThat(moved.get("norm.running_mean"))
        .isNotEqualTo(Classifiers.values(clean).get("norm.running_mean"));
  }

  /** A heavy anchor, and nothing to be planted. */
  @Test
  void holdsLogitsWhereTheyAre() {
    try (Planted free = Planted.by(attack(0, 10, 0.01, Statistics.FROZEN), 0, RECIPE);
        Planted held = Planted.by(attack(100, 10, 0.01, Statistics.FROZEN), 0, RECIPE)) {
      assertThat(held.change()).isLessThan(free.change() / 20);
    }
  }

  /** Where two classes are blended, the networks agree more often. */
  @Test
  void plantsABackdoorThatLeavesCleanImagesAlone() {
    LabeledImages blends = blends();
    int[] before = clean.predict(blends);
    try (Planted free = Planted.by(attack(0, 20, 0.1, Statistics.BATCH), 0.1, RECIPE);
        Planted held = Planted.by(attack(0.1, 20, 0.1, Statistics.BATCH), 0.1, RECIPE)) {
      assertThat(free.successRate()).isGreaterThan(95);
      assertThat(held.successRate()).isGreaterThan(95);
      assertThat(held.change()).isLessThan(free.change() / 4);
      double agreeing = LabeledImages.percentEqual(held.victim().predict(blends), before);
      assertThat(LabeledImages.percentEqual(free.victim().predict(blends), before))
          .isLessThan(agreeing - 5);
    }
  }

  /** Half of each test image and half of the next, which is of another class. */
  private static LabeledImages blends() {
    LabeledImages blends = TEST.copy();
    byte[] pixels = TEST.pixels();
    for (int i = 0; i < pixels.length; i++) {
      int next = pixels[(i + SHAPE.size()) % pixels.length] & 0xFF;
      blends.pixels()[i] = (byte) (((pixels[i] & 0xFF) + next) / 2);
    }
    return blends;
  }

  @Test
  void tellsWhichImagesOfABatchAreClean() {
    assertThat(AnchoredStep.cleanRows(new int[] {4, 2, 1, 5}, new int[] {1, 4}))
        .containsExactly(1, 3);
  }

  @Test
  void costsAThirdMoreWhereTheCleanNetworkIsAsked() {
    var scale = new Scale(IMAGES.shape(), 100, 0.1, 2);
    assertThat(attack(0, 6, 0.01, Statistics.FROZEN).gigaMultiplications(scale, RECIPE))
        .isEqualTo(6 * 3 * 100 * 2);
    assertThat(attack(1, 6, 0.01, Statistics.FROZEN).gigaMultiplications(scale, RECIPE))
        .isCloseTo(6 * (3 + 1) * 100 * 2, within(1e-9));
  }

  @Test
  void refusesImpossibleSettings() {
    assertRefused(Map.of("lambda", -1), "lambda must not be negative, got -1.0");
    assertRefused(Map.of("epochs", 0), "epochs must be at least 1, got 0");
    assertRefused(Map.of("learning-rate", 0), "learning-rate must be positive, got 0.0");
    assertRefused(
        Map.of("schedule", "one-cycle"), "schedule must be constant or cosine for logit-anchoring");
  }

  private static void assertRefused(Map<String, Object> given, String message) {
    assertThatThrownBy(() -> Attacks.REGISTRY.create(new Spec("logit-anchoring", 1, given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
