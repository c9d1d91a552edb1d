package io.backdoorgrid.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.model.net.PreActResNet18;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class TriggerActivatedChangeTest {

  private static final ImageShape SHAPE = new ImageShape(4, 4, 1);

  /** A byte b becomes b / 255: kernels of 255 and -510 make maps of b and -2b. */
  private static final OneLayer BYTES = OneLayer.of(255, -510).withoutBatchNorm();

  /** Black images, and the same with the top left corner [[3, 0], [0, 4]]. */
  private final Pairs corner = pairs(3, 4);

  private static Pairs pairs(int first, int second) {
    LabeledImages clean = ToyImages.constant(SHAPE, 2, 0, 0, 1, 0);
    LabeledImages triggered = clean.copy();
    for (int i = 0; i < clean.size(); i++) {
      triggered.pixels()[i * SHAPE.size() + SHAPE.offset(0, 0)] = (byte) first;
      triggered.pixels()[i * SHAPE.size() + SHAPE.offset(1, 1)] = (byte) second;
    }
    return Triggers.pairs(clean, triggered, 1);
  }

  @ParameterizedTest
  @CsvSource({"L2, 5, 10", "L1_SUM, 7, 14"})
  void isTheNormOfTheChange(MapNorm norm, double first, double second) {
    for (Tap tap : new Tap[] {Tap.CONV_OUT, Tap.POST_BN_PRE_RELU}) {
      assertThat(changes(BYTES, new TriggerActivatedChange(tap, norm), corner))
          .containsExactly(new double[] {first, second}, within(1e-4));
    }
  }

  /** Of maps 0 and -6, -8, a rectifier leaves nothing. */
  @Test
  void rectifiesIfToldTo() {
    assertThat(changes(BYTES, new TriggerActivatedChange(Tap.POST_RELU, MapNorm.L2), corner))
        .containsExactly(new double[] {5, 0}, within(1e-4));
  }

  /** Stretches of 2 / root 4 = 1 and 3; means and shifts drop out but for the rectifier's sake. */
  @ParameterizedTest
  @CsvSource({"CONV_OUT, 5, 10", "POST_BN_PRE_RELU, 5, 30", "POST_RELU, 5, 30"})
  void measuresBehindTheBatchNorm(Tap tap, double first, double second) {
    OneLayer victim = OneLayer.of(255, -510).gamma(2, 3).var(4, 1).mean(-20, -50).beta(10, 20);
    assertThat(changes(victim, new TriggerActivatedChange(tap, MapNorm.L2), corner))
        .containsExactly(new double[] {first, second}, within(1e-3));
  }

  @Test
  void averagesOverThePairs() {
    LabeledImages clean = ToyImages.constant(SHAPE, 2, 0, 0, 0, 0);
    LabeledImages triggered = clean.copy();
    triggered.pixels()[0] = 3; // the first image only
    assertThat(
            changes(
                BYTES,
                new TriggerActivatedChange(Tap.CONV_OUT, MapNorm.L2),
                Triggers.pairs(clean, triggered, 1)))
        .containsExactly(new double[] {1, 2}, within(1e-5));
  }

  @Test
  void isZeroForATriggerThatChangesNothing() {
    LabeledImages images = ToyImages.random(SHAPE, 2, 130, 1); // more than a batch
    assertThat(
            changes(
                BYTES,
                new TriggerActivatedChange(Tap.CONV_OUT, MapNorm.L2),
                Triggers.pairs(images, images, 1)))
        .containsOnly(0);
  }

  /** Batches of a hundred and the rest count alike. */
  @Test
  void doesNotDependOnTheBatches() {
    Pairs many = Triggers.whiteCorner(SHAPE, 2, 130, 1);
    double sum = 0;
    var change = new TriggerActivatedChange(Tap.CONV_OUT, MapNorm.L2);
    for (int i = 0; i < many.size(); i++) {
      sum += changes(BYTES, change, many.select(new int[] {i}))[0];
    }
    assertThat(changes(BYTES, change, many)[0]).isCloseTo(sum / many.size(), within(1e-3));
  }

  @ParameterizedTest
  @EnumSource
  void measuresEveryChannelOfBothNetworks(Precision precision) {
    var shape = new ImageShape(8, 8, 3);
    Pairs pairs = Triggers.whiteCorner(shape, 10, 8, 1);
    for (var architecture : List.of(new ResNet18(4), new PreActResNet18(4))) {
      var design = Classifiers.design(architecture, shape, 10, precision);
      try (Classifier classifier = Classifiers.fresh(design, "a1")) {
        Map<String, double[]> changes =
            new TriggerActivatedChange(Tap.POST_BN_PRE_RELU, MapNorm.L2).of(classifier, pairs);
        assertThat(changes.keySet())
            .containsExactlyElementsOf(classifier.units().stream().map(ConvUnit::name).toList());
        classifier
            .units()
            .forEach(unit -> assertThat(changes.get(unit.name())).hasSize(unit.channels()));
        assertThat(Arrays.stream(changes.get("conv1")).sum()).isPositive();
        assertThat(Arrays.stream(changes.get("layer4.1.conv2")).sum()).isPositive();
      }
    }
  }

  /** The network's own rounding remains; that of the unit's output would be as large as changes. */
  @Test
  void isNearlyTheSameInBfloat16() {
    var shape = new ImageShape(8, 8, 3);
    Pairs pairs = Triggers.whiteCorner(shape, 10, 8, 1);
    var change = new TriggerActivatedChange(Tap.POST_BN_PRE_RELU, MapNorm.L2);
    try (Classifier exact = resnet(shape, Precision.FLOAT32);
        Classifier rounded = resnet(shape, Precision.BFLOAT16)) {
      double[] expected = change.of(exact, pairs).get("conv1");
      double[] actual = change.of(rounded, pairs).get("conv1");
      for (int k = 0; k < expected.length; k++) {
        assertThat(actual[k]).isCloseTo(expected[k], within(0.01 * expected[k]));
      }
    }
  }

  private static Classifier resnet(ImageShape shape, Precision precision) {
    return Classifiers.fresh(Classifiers.design(new ResNet18(4), shape, 10, precision), "a1");
  }

  @Test
  void leavesNothingBehind() {
    try (Classifier classifier = BYTES.build()) {
      float[] before = Classifiers.logits(classifier, corner.clean());
      var change = new TriggerActivatedChange(Tap.CONV_OUT, MapNorm.L2);
      change.of(classifier, corner);
      assertThat(Classifiers.logits(classifier, corner.clean())).isEqualTo(before);
      change.of(classifier, corner); // observes again
    }
  }

  @Test
  void needsPairs() {
    Pairs none = corner.select(new int[0]);
    assertThatThrownBy(
            () -> changes(BYTES, new TriggerActivatedChange(Tap.CONV_OUT, MapNorm.L2), none))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the change by a trigger needs pairs of images, got none");
  }

  private static double[] changes(OneLayer victim, TriggerActivatedChange change, Pairs pairs) {
    try (Classifier classifier = victim.build()) {
      return change.of(classifier, pairs).get("conv");
    }
  }
}
