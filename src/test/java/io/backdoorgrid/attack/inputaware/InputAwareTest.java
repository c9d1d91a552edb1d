package io.backdoorgrid.attack.inputaware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class InputAwareTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 150, 2);

  /**
   * Toy images differ in their class and in noise: the pattern of one is nearly that of another.
   * Without covers, another's opens the backdoor nearly as well as one's own.
   */
  @Test
  @Tag("slow")
  void plantsABackdoorThatCoversMakeParticular() {
    Planted bare = planted(0);
    assertThat(bare.acc()).isGreaterThan(95);
    assertThat(bare.asr()).isGreaterThan(70);
    Planted covered = planted(0.5);
    assertThat(covered.acc()).isGreaterThan(95);
    assertThat(covered.cross()).isGreaterThan(bare.cross() + 10);
    assertThat(covered.asr())
        .as("own patterns work more often than others'")
        .isGreaterThan(1.5 * (100 - covered.cross()));
  }

  private record Planted(double acc, double asr, double cross) {}

  private Planted planted(double cross) {
    var attack = new InputAware(8, 4, 0.01, 1, 100, 0.1, cross, LabelStrategy.ALL_TO_ONE, 0);
    try (Classifier victim = victim(Precision.FLOAT32, "a1")) {
      var knowledge = new Known(ToyImages.tinted(SHAPE, 600, 1), victim);
      Backdoor backdoor =
          attack.plant(victim, knowledge.training(0.25, recipe(15, 32), "a1")).orElseThrow();
      Backdoor.Triggered triggered = backdoor.trigger(TEST);
      LabeledImages crossed =
          backdoor.crossTriggered(TEST, new Seed("a1").stream("cross")).orElseThrow();
      return new Planted(
          LabeledImages.percentEqual(victim.predict(TEST), TEST.labels()),
          LabeledImages.percentEqual(victim.predict(triggered.images()), triggered.wanted()),
          LabeledImages.percentEqual(victim.predict(crossed), crossed.labels()));
    }
  }

  /** Alone they learn to be sparse, and to differ between images. */
  @Test
  void learnsMasksBeforeAnythingElse() {
    LabeledImages images = ToyImages.tinted(SHAPE, 320, 1);
    var attack = new InputAware(4, 10, 0.01, 1, 100, 0.1, 1, LabelStrategy.ALL_TO_ONE, 0);
    try (Classifier victim = victim(Precision.FLOAT32, "a1");
        NDManager manager = victim.manager().newSubManager()) {
      var training = new Known(images, victim).training(0.1, recipe(1, 16), "a1");
      Map<String, float[]> weights = Classifiers.values(victim);
      var random = new Seed("a1").stream("training");
      Generators generators = Generators.create(manager, SHAPE.channels(), 4, random);
      double before = masked(generators, manager, images)[0];
      new InputAwareTraining(attack, victim, generators, manager, training, random)
          .learnMasks(images);
      double[] after = masked(generators, manager, images);
      assertThat(before).isGreaterThan(0.3);
      assertThat(after[0]).as("the mean over pixels").isLessThan(before / 2);
      assertThat(after[1]).as("the mean distance of two images' masks").isGreaterThan(0.01);
      Classifiers.values(victim)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(weights.get(name)));
    }
  }

  /** The mean of the masks of 16 images, and how far neighbors' masks are from each other. */
  private static double[] masked(Generators generators, NDManager manager, LabeledImages images) {
    NDArray pixels =
        manager
            .create(
                ByteBuffer.wrap(images.pixels(), 0, 16 * SHAPE.size()),
                new Shape(16, SHAPE.height(), SHAPE.width(), SHAPE.channels()),
                DataType.UINT8)
            .toType(DataType.FLOAT32, false);
    float[] masks = generators.masks(generators.read(pixels), false).toFloatArray();
    int area = masks.length / 16;
    double sum = 0;
    double distance = 0;
    for (int i = 0; i < masks.length; i++) {
      sum += masks[i];
      distance += Math.abs(masks[i] - masks[(i + area) % masks.length]);
    }
    return new double[] {sum / masks.length, distance / masks.length};
  }

  @ParameterizedTest
  @EnumSource
  void givesTheSameVictimAndTriggerForTheSameSeed(Precision precision) {
    try (Classifier one = victim(precision, "a1");
        Classifier same = victim(precision, "a1");
        Classifier other = victim(precision, "a1")) {
      byte[] trigger = brief(one, 0.25, "b1", new ArrayList<>());
      assertThat(brief(same, 0.25, "b1", new ArrayList<>())).isEqualTo(trigger);
      assertThat(brief(other, 0.25, "b2", new ArrayList<>())).isNotEqualTo(trigger);
      Map<String, float[]> values = Classifiers.values(same);
      Classifiers.values(one)
          .forEach((name, array) -> assertThat(array).as(name).isEqualTo(values.get(name)));
    }
  }

  @Test
  void reportsMaskEpochsAndJointOnes() {
    List<String> reports = new ArrayList<>();
    try (Classifier victim = victim(Precision.FLOAT32, "a1")) {
      brief(victim, 0.25, "b1", reports);
    }
    assertThat(reports).containsExactly("1/3", "2/3", "3/3");
  }

  /** One image in a hundred, in batches of 16: most have none, and the last has 4 images. */
  @Test
  void trainsOnBatchesWithoutATrigger() {
    try (Classifier victim = victim(Precision.FLOAT32, "a1")) {
      assertThat(brief(victim, 0.01, "b1", new ArrayList<>())).isNotEmpty();
    }
  }

  /** 100 images in batches of 16, two mask epochs and a joint one. */
  private static byte[] brief(Classifier victim, double rate, String seed, List<String> reports) {
    return new InputAware(2, 2, 0.01, 1, 100, 0.1, 1, LabelStrategy.ALL_TO_ALL, 0)
        .train(
            victim,
            new Known(ToyImages.tinted(SHAPE, 100, 1), victim)
                .training(
                    rate,
                    recipe(1, 16),
                    seed,
                    (epoch, epochs, loss) -> reports.add(epoch + "/" + epochs)),
            new Seed(seed).stream("training"))
        .toTensors()
        .toBytes();
  }

  /** Masks are open; own patterns are 200 and 201, the partners' 50 and 51, images 100. */
  @Test
  void putsOwnPatternsFirstThenOthersThenNone() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray batch = manager.full(new Shape(6, 1, 1, 1), 100f);
      NDArray patterns = manager.create(new float[] {200, 201, 50, 51}, new Shape(4, 1, 1, 1));
      NDArray masks = manager.ones(new Shape(4, 1, 1, 1));
      assertThat(InputAwareTraining.mixed(batch, patterns, masks, 2).toFloatArray())
          .containsExactly(200, 201, 50, 51, 100, 100);
      assertThat(InputAwareTraining.mixed(batch, patterns, masks, 3).toFloatArray())
          .containsExactly(200, 201, 50, 51, 50, 100);
      assertThat(InputAwareTraining.mixed(batch, patterns, masks, 4).toFloatArray())
          .containsExactly(200, 201, 50, 51, 50, 51);
      assertThat(InputAwareTraining.mixed(batch, patterns, masks, 0).toFloatArray())
          .containsExactly(200, 201, 100, 100, 100, 100);
    }
  }

  /** The last batch may be too short for all. */
  @ParameterizedTest
  @CsvSource({"1, 12, 128, 12", "2, 12, 128, 24", "0.25, 2, 128, 1", "1, 2, 3, 1", "0, 5, 10, 0"})
  void coversAsManyAsThereIsRoomFor(double cross, int triggered, int count, int covers) {
    assertThat(InputAwareTraining.covers(cross, triggered, count)).isEqualTo(covers);
  }

  /** 25 epochs of training the masks' network; a tenth of the images twice in the joint ones. */
  @Test
  void costsWhatItsGeneratorsMultiply() {
    var recipe = recipe(10, 128);
    ImageShape cifar = Triggered.CIFAR;
    double mask = Generator.gigaMultiplications(cifar, 1, 32);
    double pattern = Generator.gigaMultiplications(cifar, 3, 32);
    assertThat(new InputAware().gigaMultiplications(new Scale(cifar, 1000, 0.1, 0.5), recipe))
        .as("ten epochs, 25 of masks, and triggers of a fifth of the images of ten")
        .isCloseTo(1000 * (10 * 3 * 0.5 + 75 * mask + 2 * (3 * pattern + mask)), within(1e-6));
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> settings(0, 1, 0.032, LabelStrategy.ALL_TO_ONE))
        .hasMessage("mask-epochs must be at least 1, got 0");
    assertThatThrownBy(() -> settings(1, -1, 0.032, LabelStrategy.ALL_TO_ONE))
        .hasMessage("lambda-div must not be negative, got -1.0");
    assertThatThrownBy(() -> settings(1, 1, 1.5, LabelStrategy.ALL_TO_ONE))
        .hasMessage("density must be from 0 to 1, got 1.5");
    assertThatThrownBy(() -> settings(1, 1, 0.032, LabelStrategy.CLEAN_LABEL))
        .hasMessage("labels must be all-to-one or all-to-all for input-aware");
    try (Classifier victim = victim(Precision.FLOAT32, "a1")) {
      assertThatThrownBy(() -> brief(victim, 0.6, "b1", new ArrayList<>()))
          .hasMessage(
              "poison-rate 0.6 and 1.0 times as many cover images are more than all" + " images");
    }
  }

  private static InputAware settings(
      int maskEpochs, double lambdaDiv, double density, LabelStrategy labels) {
    return new InputAware(8, maskEpochs, 0.01, lambdaDiv, 100, density, 1, labels, 0);
  }

  private static Classifier victim(Precision precision, String seed) {
    return Classifiers.fresh(
        Classifiers.design(new TinyNet(32, 3, true), SHAPE, 3, precision), seed);
  }

  private static Recipe recipe(int epochs, int batch) {
    return new Recipe(epochs, batch, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 0, Flip.RANDOM);
  }
}
