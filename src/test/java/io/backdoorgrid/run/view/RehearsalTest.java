package io.backdoorgrid.run.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Attacks whose trigger says what they were given. */
class RehearsalTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final LabeledImages TRAIN = ToyImages.tinted(SHAPE, 90, 1);
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 30, 2);
  private static final Normalization NORMALIZATION =
      new Normalization(new float[] {0.4f, 0.4f, 0.4f}, new float[] {0.3f, 0.3f, 0.3f});

  private static final int EPOCHS = 30;

  private final List<String> lines = new ArrayList<>();
  private final Rehearsal rehearsal = rehearsal(60);

  private Rehearsal rehearsal(int images) {
    return new Rehearsal(
        new DataSet.Images(TRAIN, TEST, NORMALIZATION),
        new SmallTraining(new Spec("resnet18", 1, Map.of("width", 4)), EPOCHS, images, 1),
        new Seed("a1"),
        lines::add);
  }

  @AfterEach
  void close() {
    rehearsal.close();
  }

  private static Trigger uniform(float value) {
    float[] opacity = new float[SHAPE.size()];
    float[] pattern = new float[SHAPE.size()];
    Arrays.fill(opacity, 1);
    Arrays.fill(pattern, value);
    return new Overlay(SHAPE, opacity, pattern);
  }

  private static float value(Trigger trigger) {
    return ((Overlay) trigger).pattern()[0];
  }

  /** As bright as the share of the test images that the surrogate gets right, in percent. */
  private record Asking() implements PoisoningAttack {
    @Override
    public Goal goal() {
      return new Goal(LabelStrategy.ALL_TO_ONE, 0);
    }

    @Override
    public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
      return Overlay.of(shape, tensors);
    }

    @Override
    public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
      try (Classifier surrogate = knowledge.surrogate()) {
        float right = (float) LabeledImages.percentEqual(surrogate.predict(TEST), TEST.labels());
        surrogate.head().weight().muli(0); // a copy: others are to find what this one did
        return uniform(right);
      }
    }
  }

  /** As bright as there are training images. */
  private record Counting() implements PoisoningAttack {
    @Override
    public Goal goal() {
      return new Goal(LabelStrategy.ALL_TO_ONE, 0);
    }

    @Override
    public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
      return Overlay.of(shape, tensors);
    }

    @Override
    public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
      return uniform(knowledge.images().size());
    }
  }

  /** As bright as the share of the test images that the victim it was given gets right. */
  private record Owning() implements TrainingAttack {
    @Override
    public Goal goal() {
      return new Goal(LabelStrategy.ALL_TO_ONE, 0);
    }

    @Override
    public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
      return Overlay.of(shape, tensors);
    }

    @Override
    public Trigger train(Classifier victim, VictimTraining training, RandomStream random) {
      assertThat(training.poisonRate()).isEqualTo(0.1);
      new Trainer(training.recipe(), training.listener())
          .train(victim, training.knowledge().images(), random);
      return uniform((float) LabeledImages.percentEqual(victim.predict(TEST), TEST.labels()));
    }
  }

  private float value(BackdoorAttack attack) {
    return value(rehearsal.trigger(attack, "toy").orElseThrow());
  }

  @Test
  void trainsACleanNetworkOnceAndHandsOutCopies() {
    float first = value(new Asking());
    assertThat(first).isGreaterThan(80);
    assertThat(value(new Asking())).isEqualTo(first);
    assertThat(lines).startsWith("preparing toy").endsWith("preparing toy").hasSize(EPOCHS + 2);
    assertThat(lines.get(1)).startsWith("training a clean network: epoch 1 of 30, loss ");
  }

  @Test
  void trainsNothingUntilAskedFor() {
    assertThat(value(new Counting())).isEqualTo(60);
    assertThat(lines).as("nothing to wait for").isEmpty();
    try (Rehearsal all = rehearsal(1000)) {
      assertThat(value(all.trigger(new Counting(), "toy").orElseThrow())).isEqualTo(90);
    }
  }

  @Test
  void handsAnAttackThatTrainsAFreshVictim() {
    float first = value(new Owning());
    assertThat(first).isGreaterThan(80);
    assertThat(value(new Owning())).isEqualTo(first);
    assertThat(lines).hasSize(2 * (1 + EPOCHS));
    assertThat(lines.get(1)).startsWith("training toy: epoch 1 of 30, loss ");
  }
}
