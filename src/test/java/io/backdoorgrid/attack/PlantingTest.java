package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** From a poisoned training set to a network that obeys the trigger. */
@ExtendWith(TorchThread.class)
class PlantingTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 150, 2);
  private static final Seed SEED = new Seed("a1");

  private final BadNets attack = new BadNets();
  private final Trigger trigger = attack.trigger(SHAPE, SEED.stream("trigger"));

  @Test
  void trainingOnPoisonedImagesPlantsABackdoor() {
    try (Classifier victim = trained(0.1)) {
      assertThat(share(victim.predict(TEST), TEST.labels())).isGreaterThan(0.95);
      assertThat(successRate(victim)).isGreaterThan(0.95);
    }
  }

  @Test
  void trainingOnCleanImagesPlantsNone() {
    try (Classifier clean = trained(0)) {
      assertThat(share(clean.predict(TEST), TEST.labels())).isGreaterThan(0.95);
      assertThat(successRate(clean)).isLessThan(0.1);
    }
  }

  private Classifier trained(double poisonRate) {
    LabeledImages clean = ToyImages.tinted(SHAPE, 600, 1);
    LabeledImages images =
        Poisoning.of(clean, trigger, attack.goal(), poisonRate, SEED.stream("poison")).images();
    Classifier classifier =
        Classifiers.fresh(
            Classifiers.design(new TinyNet(16, 3, true), SHAPE, 3, Precision.FLOAT32), "a1");
    var recipe = new Recipe(10, 32, 0.1, 0.9, 5e-4, RateSchedule.COSINE, 0, Flip.RANDOM);
    new Trainer(recipe, TrainingListener.NONE).train(classifier, images, SEED.stream("train"));
    return classifier;
  }

  private double successRate(Classifier classifier) {
    Backdoor.Triggered triggered = new Backdoor(attack, trigger).trigger(TEST);
    return share(classifier.predict(triggered.images()), triggered.wanted());
  }

  private static double share(int[] predictions, int[] wanted) {
    return IntStream.range(0, wanted.length).filter(i -> predictions[i] == wanted[i]).count()
        / (double) wanted.length;
  }
}
