package io.backdoorgrid.run.view;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;

/**
 * How networks are trained that only have to show what an attack does.
 *
 * @param model of the networks
 * @param epochs at least 1
 * @param images training images, at least 2; all if there are fewer
 * @param threads cores that operators may use, at least 1
 */
public record SmallTraining(Spec model, int epochs, int images, int threads) {

  private static final int BATCH = 64;
  private static final double LEARNING_RATE = 0.1;
  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 5e-4;

  public SmallTraining {
    require(epochs >= 1, "epochs must be at least 1, got %d", epochs);
    require(images >= 2, "train-images must be at least 2, got %d", images);
    require(threads >= 1, "threads must be at least 1, got %d", threads);
  }

  /** A short rise and a long fall, which works best in few epochs. */
  Recipe recipe() {
    return new Recipe(
        epochs,
        BATCH,
        LEARNING_RATE,
        MOMENTUM,
        WEIGHT_DECAY,
        RateSchedule.ONE_CYCLE,
        0,
        Augmentation.Flip.NONE);
  }
}
