package io.backdoorgrid.attack.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.perturb.Mark;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@ExtendWith(TorchThread.class)
class ImcTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 300, 1);
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 150, 2);
  private static final Goal TO_ZERO = new Goal(LabelStrategy.ALL_TO_ONE, 0);
  private static final Patch PATCH = new Patch(3, Corner.TOP_LEFT);
  private static final Stencil STENCIL = PATCH.on(SHAPE);

  private static final Classifier.Design DESIGN =
      Classifiers.design(new TinyNet(16, 3, true), SHAPE, 3, Precision.FLOAT32);

  private final Classifier clean = clean();
  private final Known knowledge = new Known(IMAGES, clean);

  @AfterEach
  void close() {
    clean.close();
  }

  /** Each pass begins where the last one ended; one in ten thousand is for rounding to bytes. */
  @Test
  void lowersTheAttackersLossWithEveryPassOfTheMark() {
    MarkLearning learning = learning(1, "a1");
    double first = attackersLoss(learning.trigger());
    double before = first;
    for (int pass = 0; pass < 5; pass++) {
      double after = attackersLoss(learning.learn());
      assertThat(after).isLessThanOrEqualTo(before * 1.0001);
      before = after;
    }
    assertThat(before).isLessThan(0.9 * first);
  }

  @Test
  void leavesTheNetworkAsItIsWhileTheMarkLearns() {
    Map<String, float[]> before = Classifiers.values(clean);
    learning(1, "a1").learn();
    Classifiers.values(clean)
        .forEach((name, values) -> assertThat(values).as(name).isEqualTo(before.get(name)));
  }

  @Test
  void marksThePatchAndNothingElse() {
    Trigger trigger = learning(1, "a1").learn();
    byte[] grey = Triggered.grey(trigger, 77);
    for (int i = 0; i < grey.length; i++) {
      assertThat(((Overlay) trigger).opacity()[i]).isEqualTo(STENCIL.covered()[i] ? 1 : 0);
      if (!STENCIL.covered()[i]) {
        assertThat(grey[i]).isEqualTo((byte) 77);
      }
    }
  }

  /** Adam moves by about its rate per step: ten batches move farther than two. */
  @Test
  void learnsLessFromAShareOfTheImages() {
    float[] start = ((Overlay) learning(0, "a1").trigger()).pattern();
    double fifth = distance(start, ((Overlay) learning(0.2, "a1").learn()).pattern());
    double whole = distance(start, ((Overlay) learning(1, "a1").learn()).pattern());
    double twoAndAHalf = distance(start, ((Overlay) learning(2.5, "a1").learn()).pattern());
    assertThat(fifth).isPositive().isLessThan(0.5 * whole);
    assertThat(twoAndAHalf).isGreaterThan(whole);
  }

  @Test
  void keepsTheNoiseIfTheMarkNeverLearns() {
    MarkLearning learning = learning(0, "a1");
    float[] noise = ((Overlay) learning.trigger()).pattern();
    assertThat(((Overlay) learning.learn()).pattern()).isEqualTo(noise);
    assertThat(((Overlay) learning(0, "a2").learn()).pattern()).isNotEqualTo(noise);
  }

  /** The noise is the first thing drawn. */
  @ParameterizedTest
  @ValueSource(strings = {"a1", "a2", "a3"})
  void plantsABackdoorThatItsFirstMarkDoesNotOpenAsWell(String seed) {
    try (Classifier victim = Classifiers.fresh(DESIGN, seed)) {
      Trigger trigger = train(imc(6, 0.05, 1), victim, seed);
      Trigger noise =
          Overlay.showing(STENCIL, Mark.noise(SHAPE, new Seed(seed).stream("training")));
      double success = successRate(victim, trigger);
      assertThat(success).isGreaterThan(90).isGreaterThan(successRate(victim, noise));
      assertThat(LabeledImages.percentEqual(victim.predict(TEST), TEST.labels())).isGreaterThan(95);
    }
  }

  @Test
  void beginsWithTheCleanNetwork() {
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      train(imc(1, 1e-9, 0), victim, "a1");
      Map<String, float[]> start = Classifiers.values(clean);
      Classifiers.values(victim)
          .forEach(
              (name, values) -> {
                if (!name.contains("running")) {
                  assertThat(values).as(name).containsExactly(start.get(name), within(1e-6f));
                }
              });
    }
  }

  @Test
  void givesTheSameVictimForTheSameSeed() {
    try (Classifier one = Classifiers.fresh(DESIGN, "b1");
        Classifier same = Classifiers.fresh(DESIGN, "b2");
        Classifier other = Classifiers.fresh(DESIGN, "b1")) {
      Trigger trigger = train(imc(2, 0.01, 0.5), one, "a1");
      assertThat(((Overlay) train(imc(2, 0.01, 0.5), same, "a1")).pattern())
          .isEqualTo(((Overlay) trigger).pattern());
      assertThat(((Overlay) train(imc(2, 0.01, 0.5), other, "a2")).pattern())
          .isNotEqualTo(((Overlay) trigger).pattern());
      Classifiers.values(one)
          .forEach(
              (name, values) ->
                  assertThat(Classifiers.values(same).get(name)).as(name).isEqualTo(values));
    }
  }

  @Test
  void reportsItsOwnEpochs() {
    List<String> reports = new ArrayList<>();
    try (Classifier victim = Classifiers.fresh(DESIGN, "b1")) {
      imc(2, 0.01, 0)
          .train(
              victim,
              knowledge.training(
                  0.1,
                  recipe(50, 0.1),
                  "a1",
                  (epoch, epochs, loss) -> reports.add(epoch + "/" + epochs)),
              new Seed("a1").stream("training"));
    }
    assertThat(reports).containsExactly("1/2", "2/2");
  }

  /** Ten epochs, each with a forward and half a backward pass for the mark. */
  @Test
  void costsItsEpochsAndThePassesOfTheMark() {
    var scale = new Scale(SHAPE, 100, 0.1, 2);
    assertThat(new Imc().gigaMultiplications(scale, new Recipe()))
        .isCloseTo(10 * (3 + 2) * 100 * 2, within(1e-9));
    assertThat(imc(4, 0.01, 0).gigaMultiplications(scale, new Recipe())).isEqualTo(4 * 3 * 100 * 2);
    assertThat(new Imc().usesSurrogate()).isTrue();
  }

  @Test
  void refusesImpossibleSettings() {
    assertThatThrownBy(() -> imc(0, 0.01, 1)).hasMessage("epochs must be at least 1, got 0");
    assertThatThrownBy(() -> imc(1, 0, 1)).hasMessage("learning-rate must be positive, got 0.0");
    assertThatThrownBy(() -> imc(1, 0.01, -1)).hasMessage("remask must not be negative, got -1.0");
    assertThatThrownBy(() -> new Imc(1, 0.01, 1, 0, PATCH, LabelStrategy.ALL_TO_ONE, 0))
        .hasMessage("mark-learning-rate must be positive, got 0.0");
    assertThatThrownBy(() -> new Imc(1, 0.01, 1, 0.1, PATCH, LabelStrategy.CLEAN_LABEL, 0))
        .hasMessage("labels must be all-to-one or all-to-all for imc");
    assertThatThrownBy(() -> new Imc(1, 0.01, 1, 0.1, PATCH, LabelStrategy.ALL_TO_ONE, -1))
        .hasMessage("target must not be negative, got -1");
  }

  private static Imc imc(int epochs, double learningRate, double remask) {
    return new Imc(epochs, learningRate, remask, 0.1, PATCH, LabelStrategy.ALL_TO_ONE, 0);
  }

  private Trigger train(Imc imc, Classifier victim, String seed) {
    RandomStream random = new Seed(seed).stream("training");
    return imc.train(victim, knowledge.training(0.1, recipe(50, 0.1), seed), random);
  }

  private MarkLearning learning(double passes, String seed) {
    int epochs = Math.max(1, (int) Math.ceil(passes));
    RandomStream random = new Seed(seed).stream("training");
    return new MarkLearning(clean, IMAGES, TO_ZERO, STENCIL, passes, recipe(epochs, 0.1), random);
  }

  private static Classifier clean() {
    Classifier classifier = Classifiers.fresh(DESIGN, "a1");
    new Trainer(recipe(4, 0.1), TrainingListener.NONE)
        .train(classifier, IMAGES, new Seed("a1").stream("clean"));
    return classifier;
  }

  private static Recipe recipe(int epochs, double learningRate) {
    return new Recipe(epochs, 30, learningRate, 0.9, 5e-4, RateSchedule.CONSTANT, 0, Flip.NONE);
  }

  /** The mean cross entropy toward class 0 of the training images with that trigger. */
  private double attackersLoss(Trigger trigger) {
    LabeledImages triggered =
        new LabeledImages(SHAPE, 3, Triggered.apply(trigger, IMAGES), IMAGES.labels());
    float[] logits = Classifiers.logits(clean, triggered);
    double sum = 0;
    for (int i = 0; i < logits.length; i += 3) {
      double total = 0;
      for (int c = 0; c < 3; c++) {
        total += Math.exp(logits[i + c]);
      }
      sum += Math.log(total) - logits[i];
    }
    return sum / IMAGES.size();
  }

  private static double successRate(Classifier classifier, Trigger trigger) {
    Backdoor.Triggered triggered = new Backdoor(new Imc(), trigger).trigger(TEST);
    return LabeledImages.percentEqual(classifier.predict(triggered.images()), triggered.wanted());
  }

  private static double distance(float[] one, float[] other) {
    double sum = 0;
    for (int i = 0; i < one.length; i++) {
      sum += Math.abs(one[i] - other[i]);
    }
    return sum;
  }
}
