package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.GivenImages;
import io.backdoorgrid.defense.Invariants;
import io.backdoorgrid.defense.OneLayer;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.defense.Repaired;
import io.backdoorgrid.defense.TintedBackdoor;
import io.backdoorgrid.defense.cleandata.FineTuning;
import io.backdoorgrid.defense.wiper.Ranking.Importance;
import io.backdoorgrid.defense.wiper.Ranking.Renewal;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import java.util.Arrays;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class WiperTest {

  /** Strong and short, for a head of four features; batch-norms as the victim was made with. */
  private static final Map<String, Object> STRONG =
      Map.of("alpha", 1, "learning-rate", 0.1, "momentum", 0, "batch", 8, "statistics", "frozen");

  private static final LabeledImages CLEAN = TintedBackdoor.clean(40, 1);

  private static final Classifier.Design TINY =
      Classifiers.design(new TinyNet(8, 3, true), TintedBackdoor.SHAPE, 3, Precision.FLOAT32);

  @Test
  void hasThePapersSettingWithMomentumByDefault() {
    assertThat(Defenses.REGISTRY.entry("wiper").defaults())
        .contains(
            entry("importance", "bs"),
            entry("treatment", "purify"),
            entry("regularizer", "ar"),
            entry("alpha", 0.01),
            entry("beta", 0.5),
            entry("prune-ratio", 0.1),
            entry("eta", 0.9),
            entry("purified-layers", "fc"),
            entry("epochs", 10L),
            entry("batch", 128L),
            entry("learning-rate", 0.01),
            entry("momentum", 0.9))
        .contains(
            entry("neurons", "inputs"),
            entry("moved", "all"),
            entry("renewal", "batch"),
            entry("penalty-in-salience", false),
            entry("reduction", "mean"),
            entry("closing-epoch", false),
            entry("zero-clamp", false),
            entry("statistics", "batch"),
            entry("weight-decay", 0.0),
            entry("crop", 0L),
            entry("flip", "none"));
    assertThat(Defenses.REGISTRY.entry("wiper").uses()).containsExactly("clean-ratio");
  }

  @Test
  void meetsABackdoorThatWorks() {
    try (Classifier victim = TintedBackdoor.victim().build()) {
      assertThat(TintedBackdoor.accuracy(victim)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(victim)).isEqualTo(1);
    }
  }

  @ParameterizedTest
  @EnumSource
  void wipesTheBackdoorByAnyImportance(Importance importance) {
    String name = importance.name().toLowerCase(Locale.ROOT).replace('_', '-');
    assertWipes(with(STRONG, "importance", name, "permutations", 5));
  }

  @ParameterizedTest
  @CsvSource({
    "regularizer, l1", "regularizer, l2", "regularizer, l2-norm", "renewal, epoch",
    "moved, layers", "closing-epoch, true", "zero-clamp, true", "penalty-in-salience, true",
    "momentum, 0.5", "eta, 0", "flip, random", "crop, 1"
  })
  void wipesTheBackdoorInAllVariants(String key, String value) {
    assertWipes(with(STRONG, key, value(value)));
  }

  private static void assertWipes(Map<String, Object> parameters) {
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = repair(wiper(parameters), victim, CLEAN)) {
      assertThat(TintedBackdoor.accuracy(repaired)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
    }
  }

  /** The clean images never wake the fourth neuron: nothing teaches the network to forget it. */
  @Test
  void keepsTheBackdoorWithoutThePenalty() {
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = repair(wiper(with(STRONG, "alpha", 0)), victim, CLEAN)) {
      assertThat(TintedBackdoor.attackSuccess(repaired)).isEqualTo(1);
    }
  }

  /** One of four neurons is pruned, and stays so while the others are trained on. */
  @Test
  void prunesTheBackdoorForGood() {
    var parameters = with(STRONG, "treatment", "prune", "prune-ratio", 0.25, "momentum", 0.9);
    try (Classifier victim = TintedBackdoor.victim().build();
        Classifier repaired = repair(wiper(parameters), victim, CLEAN)) {
      float[] head = Classifiers.values(repaired).get("linear.weight");
      assertThat(zeroColumns(head, 3)).containsExactly(TintedBackdoor.NEURON);
      assertThat(head).isNotEqualTo(Classifiers.values(victim).get("linear.weight"));
      assertThat(TintedBackdoor.accuracy(repaired)).isEqualTo(1);
      assertThat(TintedBackdoor.attackSuccess(repaired)).isZero();
    }
  }

  /** The planted channel drives every image to the target class: it does harm on clean ones. */
  @Test
  void findsThePlantedChannel() {
    var parameters = Map.<String, Object>of("treatment", "prune", "prune-ratio", 1 / 16.0);
    try (Classifier victim = PlantedBackdoor.victim().build();
        Classifier repaired =
            repair(
                wiper(parameters),
                victim,
                ToyImages.random(PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 40, 6))) {
      assertThat(
              zeroColumns(
                  Classifiers.values(repaired).get("linear.weight"), PlantedBackdoor.CLASSES))
          .containsExactly(PlantedBackdoor.CHANNEL);
    }
  }

  /** One step on all images: marked weights between -1 and 1 go 0.1 * 0.5 further toward 0. */
  @ParameterizedTest
  @CsvSource({"MEAN, 0.5", "SUM, 0.5"})
  void pullsMarkedWeightsByRateTimesAlpha(String reduction, double alpha) {
    var settings =
        Map.<String, Object>of(
            "epochs", 1, "batch", 40, "learning-rate", 0.1, "reduction", value(reduction));
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      float[] start = Classifiers.values(victim).get("linear.weight");
      Map<String, float[]> plain = values(with(settings, "alpha", 0), victim);
      Map<String, float[]> pulled = values(with(settings, "alpha", alpha), victim);
      float[] pull = new float[start.length];
      for (int i = 0; i < pull.length; i++) {
        pull[i] = pulled.get("linear.weight")[i] - plain.get("linear.weight")[i];
      }
      int[] spared = zeroColumns(pull, 3);
      assertThat(spared).hasSize(4); // half of eight
      for (int i = 0; i < pull.length; i++) {
        int column = i % 8;
        boolean marked = IntStream.of(spared).noneMatch(j -> j == column);
        assertThat(pull[i]).isCloseTo(marked ? -0.05f * Math.signum(start[i]) : 0, within(1e-6f));
      }
      plain.remove("linear.weight");
      pulled.remove("linear.weight");
      Invariants.assertEqual(pulled, plain);
    }
  }

  /** Five images of loss l each have a sum of 5 l: a fifth of the rate, five times the alpha. */
  @Test
  void addsUpTheLossesOfABatchIfToldTo() {
    var mean = with(STRONG, "epochs", 2, "learning-rate", 0.08, "alpha", 0.1);
    var sum = with(mean, "learning-rate", 0.01, "alpha", 0.8, "reduction", "sum");
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      Map<String, float[]> first = values(mean, victim);
      values(sum, victim)
          .forEach(
              (name, values) ->
                  assertThat(values).as(name).containsExactly(first.get(name), within(1e-5f)));
    }
  }

  @Test
  void thePrintHasNoMomentum() {
    for (String name : List.of("wiper", "wiper+bs", "wiper+am", "fp+bs", "fp+am")) {
      assertThat(Defenses.REGISTRY.entry(name).presets().get("print"))
          .containsEntry("momentum", 0.0);
    }
  }

  @Test
  void isPlainFineTuningWithoutThePenalty() {
    var wiper =
        wiper(
            Map.of(
                "alpha",
                0,
                "epochs",
                3,
                "batch",
                8,
                "momentum",
                0.9,
                "weight-decay",
                5e-4,
                "crop",
                1,
                "flip",
                "random"));
    var fineTuning =
        new FineTuning(
            new PlainSgd(3, 8, 0.01, 0.9, 5e-4),
            RateSchedule.CONSTANT,
            new Augmentation(1, Flip.RANDOM));
    try (Classifier victim = Classifiers.fresh(TINY, "b1");
        Classifier repaired = repair(wiper, victim, CLEAN);
        Classifier tuned = Repaired.by(fineTuning, victim, CLEAN, "a1")) {
      Invariants.assertEqual(Classifiers.values(repaired), Classifiers.values(tuned));
    }
  }

  /** A rate that is 0 in float32. */
  @ParameterizedTest
  @CsvSource({"treatment, purify", "treatment, prune", "renewal, epoch", "zero-clamp, true"})
  void changesNothingAtARateOfZero(String key, String value) {
    var settings =
        Map.<String, Object>of(
            "learning-rate", 1e-300, "statistics", "frozen", "prune-ratio", 0, "batch", 8);
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      Invariants.assertEqual(
          values(with(settings, key, value(value)), victim), Classifiers.values(victim));
    }
  }

  static Stream<Map<String, Object>> deepVariants() {
    return Stream.of(
        Map.of("purified-layers", "fc+4conv", "flip", "random"),
        Map.of("purified-layers", "fc+2conv", "neurons", "outputs", "renewal", "epoch"),
        Map.of("importance", "shapley", "permutations", 3),
        Map.of("importance", "gradient", "purified-layers", "fc+1conv", "treatment", "prune"));
  }

  @ParameterizedTest
  @MethodSource("deepVariants")
  void givesTheSameWeightsForTheSameSeed(Map<String, Object> variant) {
    var shape = new ImageShape(8, 8, 3);
    LabeledImages images = ToyImages.tinted(shape, 20, 1);
    for (Precision precision : Precision.values()) {
      var design = Classifiers.design(new ResNet18(2), shape, 3, precision);
      var wiper = wiper(with(variant, "epochs", 2, "batch", 8));
      try (Classifier victim = Classifiers.fresh(design, "b1");
          Classifier first = repair(wiper, victim, images);
          Classifier same = repair(wiper, victim, images);
          Classifier other = Repaired.by(wiper, victim, images, "a2")) {
        Invariants.assertEqual(Classifiers.values(same), Classifiers.values(first));
        assertThat(Classifiers.values(other).get("conv1.weight"))
            .isNotEqualTo(Classifiers.values(first).get("conv1.weight"));
      }
    }
  }

  @Test
  void leavesNoArraysBehind() {
    for (Map<String, Object> variant : deepVariants().toList()) {
      try (Classifier classifier = Classifiers.fresh(deep(), "b1")) {
        LabeledImages images = ToyImages.tinted(new ImageShape(8, 8, 3), 20, 1);
        int before = classifier.manager().getManagedArrays().size();
        var parameters = with(variant, "epochs", 1, "batch", 8, "zero-clamp", true);
        wiper(parameters).repair(classifier, new GivenImages(images, "a1"));
        assertThat(classifier.manager().getManagedArrays()).hasSize(before);
      }
    }
  }

  private static Classifier.Design deep() {
    return Classifiers.design(new ResNet18(2), new ImageShape(8, 8, 3), 3, Precision.FLOAT32);
  }

  @Test
  void movesThePurifiedLayersAloneIfToldTo() {
    var parameters =
        Map.<String, Object>of("moved", "layers", "purified-layers", "fc+1conv", "batch", 8);
    LabeledImages images = ToyImages.tinted(new ImageShape(8, 8, 3), 20, 1);
    try (Classifier victim = Classifiers.fresh(deep(), "b1");
        Classifier repaired = repair(wiper(parameters), victim, images)) {
      Map<String, float[]> before = Classifiers.values(victim);
      assertThat(
              Classifiers.values(repaired).entrySet().stream()
                  .filter(entry -> !entry.getKey().contains("running"))
                  .filter(entry -> !Arrays.equals(entry.getValue(), before.get(entry.getKey())))
                  .map(Map.Entry::getKey))
          .containsExactly("layer4.1.conv2.weight", "linear.weight", "linear.bias");
    }
  }

  /** A step of 0.1 * 1 carries weights of 0.05 to -0.05, or not beyond 0. */
  @ParameterizedTest
  @CsvSource({"false, -0.05", "true, 0"})
  void stopsAtZeroIfToldTo(boolean zeroClamp, float expected) {
    OneLayer victim = TintedBackdoor.victim().head(3, 1, 0, 0, 0, 0, 1, 0, 0.05f, 0, 0, 1, 0);
    var parameters = with(STRONG, "epochs", 1, "batch", 40, "beta", 0.25, "zero-clamp", zeroClamp);
    try (Classifier built = victim.build();
        Classifier repaired = repair(wiper(parameters), built, CLEAN)) {
      assertThat(Classifiers.values(repaired).get("linear.weight")[4 + TintedBackdoor.NEURON])
          .isCloseTo(expected, within(1e-6f));
    }
  }

  /** With eta 0, only the last batch counts; with 1, only the first measurement. */
  @ParameterizedTest
  @CsvSource({"eta, 1", "renewal, epoch", "penalty-in-salience, true", "statistics, batch"})
  void ranksTheNeuronsByWhatItIsToldTo(String key, String value) {
    var settings = with(STRONG, "epochs", 2, "eta", 0);
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      assertThat(values(with(settings, key, value(value)), victim).get("linear.weight"))
          .isNotEqualTo(values(settings, victim).get("linear.weight"));
    }
  }

  /** The last pass has no marked neurons from its first renewal on: with one batch, one step. */
  @Test
  void addsAClosingEpochIfToldTo() {
    var parameters = with(STRONG, "epochs", 1, "batch", 40, "closing-epoch", true);
    var twoEpochs = with(STRONG, "epochs", 2, "batch", 40);
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      Map<String, float[]> closed = values(parameters, victim);
      // Beta is 0.5 in both first steps, and marks of the first epoch hold in the next one's.
      Invariants.assertEqual(closed, values(twoEpochs, victim));
      assertThat(closed.get("linear.weight"))
          .isNotEqualTo(
              values(with(parameters, "closing-epoch", false), victim).get("linear.weight"));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "alpha           | -0.1     | alpha must not be negative, got -0.1",
        "alpha           | NaN      | alpha must not be negative, got NaN",
        "beta            | 1.1      | beta must be from 0 to 1, got 1.1",
        "prune-ratio     | -1       | prune-ratio must be from 0 to 1, got -1.0",
        "eta             | 2        | eta must be from 0 to 1, got 2.0",
        "purified-layers | conv     | purified-layers must be fc, or a number of convolutions more, such as fc+2conv, got 'conv'",
        "purified-layers | fc+0conv | purified-layers must be fc, or a number of convolutions more, such as fc+2conv, got"
            + " 'fc+0conv'",
        "path-points     | 0        | path-points must be at least 1, got 0",
        "permutations    | 0        | permutations must be at least 1, got 0",
        "truncation      | -1       | truncation must not be negative, got -1.0",
        "epochs          | 0        | epochs must be at least 1, got 0",
        "learning-rate   | 0        | learning-rate must be positive, got 0.0",
        "importance      | tac      | importance must be one of [bs, am, am-weighted, gradient,"
            + " integrated-gradient, shapley, shapley-accuracy], got 'tac'",
      })
  void refusesImpossibleValues(String key, String value, String message) {
    assertThatThrownBy(() -> wiper(Map.of(key, value(value))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @ParameterizedTest
  @CsvSource({"purified-layers, fc+1conv", "neurons, outputs"})
  void measuresOnlyByGradientsBeyondTheInputsOfTheLastLayer(String key, String value) {
    for (String importance : List.of("am", "integrated-gradient", "shapley")) {
      assertThatThrownBy(() -> wiper(Map.of("importance", importance, key, value)))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "importance must be bs or gradient unless purified-layers is fc and neurons is"
                  + " inputs");
    }
    assertThat(wiper(Map.of("importance", "gradient", key, value)).ranking().renewal())
        .isEqualTo(Renewal.BATCH);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1})
  void refusesTooFewImages(int count) {
    LabeledImages few = CLEAN.select(IntStream.range(0, count).toArray());
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      assertThatThrownBy(() -> new Wiper().repair(victim, new GivenImages(few, "a1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("WIPER needs at least 2 images, got " + count);
    }
  }

  @Test
  void refusesMoreConvolutionsThanThereAre() {
    try (Classifier victim = Classifiers.fresh(TINY, "b1")) {
      var wiper = wiper(Map.of("purified-layers", "fc+1conv"));
      assertThatThrownBy(() -> wiper.repair(victim, new GivenImages(CLEAN, "a1")))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "purified-layers asks for 1 convolutions, but this network has 0 with hidden"
                  + " neurons");
    }
  }

  private static Wiper wiper(Map<String, Object> parameters) {
    return (Wiper) Defenses.REGISTRY.create(new Spec("wiper", 1, parameters));
  }

  /** Also asserts that the victim was left alone. */
  private static Classifier repair(Wiper wiper, Classifier victim, LabeledImages clean) {
    Map<String, float[]> before = Classifiers.values(victim);
    Classifier repaired = Repaired.by(wiper, victim, clean, "a1");
    Invariants.assertEqual(Classifiers.values(victim), before);
    return repaired;
  }

  private static Map<String, float[]> values(Map<String, Object> parameters, Classifier victim) {
    try (Classifier repaired = repair(wiper(parameters), victim, CLEAN)) {
      return new LinkedHashMap<>(Classifiers.values(repaired));
    }
  }

  private static Map<String, Object> with(Map<String, Object> settings, Object... further) {
    var result = new HashMap<>(settings);
    for (int i = 0; i < further.length; i += 2) {
      result.put((String) further[i], further[i + 1]);
    }
    return result;
  }

  /** As YAML would read it. */
  private static Object value(String text) {
    if (text.equals("true") || text.equals("false")) {
      return Boolean.valueOf(text);
    }
    try {
      return Double.valueOf(text);
    } catch (NumberFormatException e) {
      return text.toLowerCase(Locale.ROOT);
    }
  }

  /** The columns of a matrix that are wholly 0. */
  private static int[] zeroColumns(float[] matrix, int rows) {
    int columns = matrix.length / rows;
    return IntStream.range(0, columns)
        .filter(j -> IntStream.range(0, rows).allMatch(i -> matrix[i * columns + j] == 0))
        .toArray();
  }
}
