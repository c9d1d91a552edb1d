package io.backdoorgrid.train;

/** How the learning rate changes during training. */
public enum RateSchedule {
  /** Always the same. */
  CONSTANT,
  /** Half a cosine from the full rate to zero, changed after every epoch. */
  COSINE,
  /** Multiplied by a factor at given epochs. */
  MULTI_STEP,
  /** Linearly up during the warm-up, then half a cosine down to zero, changed after every step. */
  ONE_CYCLE,
  /** Linearly up during the warm-up, then linearly down to zero, changed after every step. */
  TRIANGULAR;

  /**
   * The learning rate of a step.
   *
   * @param step counted from 0
   * @param stepsPerEpoch at least 1
   */
  double rate(Recipe recipe, int step, int stepsPerEpoch) {
    int epoch = step / stepsPerEpoch;
    double progress = (step + 1.0) / ((double) recipe.epochs() * stepsPerEpoch + 1);
    return recipe.learningRate()
        * switch (this) {
          case CONSTANT -> 1;
          case COSINE -> falling((double) epoch / recipe.epochs());
          case MULTI_STEP ->
              Math.pow(
                  recipe.decay(), recipe.milestones().stream().filter(m -> epoch >= m).count());
          case ONE_CYCLE ->
              progress < recipe.warmUp()
                  ? progress / recipe.warmUp()
                  : falling((progress - recipe.warmUp()) / (1 - recipe.warmUp()));
          case TRIANGULAR ->
              progress < recipe.warmUp()
                  ? progress / recipe.warmUp()
                  : (1 - progress) / (1 - recipe.warmUp());
        };
  }

  /** Half a cosine from 1 to 0. */
  public static double falling(double progress) {
    return (1 + Math.cos(Math.PI * progress)) / 2;
  }
}
