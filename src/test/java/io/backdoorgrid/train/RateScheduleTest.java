package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.grid.Spec;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Rates as shares of the highest, 0.1. */
class RateScheduleTest {

  @Test
  void staysConstant() {
    assertThat(rates("constant", 4, 2)).containsOnly(1.0);
  }

  /** (1 + cos(k * 45 degrees)) / 2, the same for both steps of an epoch. */
  @Test
  void fallsAlongHalfACosineFromEpochToEpoch() {
    assertThat(rates("cosine", 4, 2))
        .containsExactly(
            new double[] {1, 1, 0.853553, 0.853553, 0.5, 0.5, 0.146447, 0.146447}, within(1e-6));
  }

  @Test
  void fallsByAFactorAtEachMilestone() {
    assertThat(rates("multi-step", 4, 1))
        .containsExactly(new double[] {1, 1, 0.1, 0.01}, within(1e-12));
  }

  /**
   * Seven steps are eighths of the way: up over the first two, then half a cosine over six: cos 30,
   * 60, 90, 120 and 150 degrees. The eighth, which is no more taken, would be zero.
   */
  @Test
  void risesAndFallsAlongACosineWithinOneCycle() {
    assertThat(rates("one-cycle", 1, 7))
        .containsExactly(new double[] {0.5, 1, 0.933013, 0.75, 0.5, 0.25, 0.066987}, within(1e-6));
    assertThat(recipe("one-cycle", 1).schedule().rate(recipe("one-cycle", 1), 7, 7))
        .isCloseTo(0, within(1e-12));
  }

  @Test
  void countsStepsThroughAllEpochs() {
    assertThat(rates("one-cycle", 7, 1)).isEqualTo(rates("one-cycle", 1, 7));
  }

  /** Up over two eighths, down over six. */
  @Test
  void risesAndFallsLinearly() {
    assertThat(rates("triangular", 1, 7))
        .containsExactly(
            new double[] {0.5, 1, 5 / 6.0, 4 / 6.0, 3 / 6.0, 2 / 6.0, 1 / 6.0}, within(1e-12));
  }

  private static double[] rates(String schedule, int epochs, int stepsPerEpoch) {
    Recipe recipe = recipe(schedule, epochs);
    return IntStream.range(0, epochs * stepsPerEpoch)
        .mapToDouble(step -> recipe.schedule().rate(recipe, step, stepsPerEpoch) / 0.1)
        .toArray();
  }

  private static Recipe recipe(String schedule, int epochs) {
    return Recipes.REGISTRY.create(
        new Spec(
            "sgd",
            1,
            Map.of(
                "schedule",
                schedule,
                "epochs",
                epochs,
                "milestones",
                List.of(2, 3),
                "decay",
                0.1,
                "warm-up",
                0.25)));
  }
}
