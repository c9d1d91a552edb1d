package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.grid.Spec;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RecipeTest {

  /** Zheng et al. (2022), appendix and code: 150 epochs from 0.1 down a cosine, batches of 128. */
  @Test
  void isTheClpPapersByDefault() {
    Recipe recipe = new Recipe();
    assertThat(recipe.epochs()).isEqualTo(150);
    assertThat(recipe.batch()).isEqualTo(128);
    assertThat(recipe.learningRate()).isEqualTo(0.1);
    assertThat(recipe.momentum()).isEqualTo(0.9);
    assertThat(recipe.nesterov()).isFalse();
    assertThat(recipe.weightDecay()).isEqualTo(5e-4);
    assertThat(recipe.schedule()).isEqualTo(RateSchedule.COSINE);
    assertThat(recipe.labelSmoothing()).isZero();
    assertThat(recipe.averaging()).isZero();
    assertThat(recipe.augmentation()).isEqualTo(new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "epochs          | 0    | epochs must be at least 1, got 0",
        "batch           | 1    | batch must be at least 2, got 1",
        "learning-rate   | 0    | learning-rate must be positive, got 0.0",
        "learning-rate   | -1   | learning-rate must be positive, got -1.0",
        "learning-rate   | NaN  | learning-rate must be positive, got NaN",
        "learning-rate   | Infinity | learning-rate must be positive, got Infinity",
        "momentum        | 1    | momentum must be from 0 to below 1, got 1.0",
        "momentum        | -0.1 | momentum must be from 0 to below 1, got -0.1",
        "weight-decay    | -0.1 | weight-decay must not be negative, got -0.1",
        "decay           | 0    | decay must be above 0 and at most 1, got 0.0",
        "decay           | 1.5  | decay must be above 0 and at most 1, got 1.5",
        "warm-up         | 0    | warm-up must be between 0 and 1, got 0.0",
        "warm-up         | 1    | warm-up must be between 0 and 1, got 1.0",
        "label-smoothing | 1    | label-smoothing must be from 0 to below 1, got 1.0",
        "crop            | -1   | crop must not be negative, got -1",
        "averaging       | 1    | averaging must be from 0 to below 1, got 1.0",
      })
  void refusesImpossibleValues(String key, double value, String message) {
    assertRefused(Map.of(key, value), message);
  }

  @Test
  void refusesNesterovWithoutMomentum() {
    assertRefused(Map.of("nesterov", true, "momentum", 0), "nesterov needs a momentum above 0");
  }

  @Test
  void refusesAMilestoneBeforeTheFirstEpochEnds() {
    assertRefused(Map.of("milestones", List.of(50, 0)), "milestones must be at least 1: [50, 0]");
  }

  private static void assertRefused(Map<String, Object> given, String message) {
    assertThatThrownBy(() -> Recipes.REGISTRY.create(new Spec("sgd", 1, given)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }
}
