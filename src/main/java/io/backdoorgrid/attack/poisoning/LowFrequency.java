package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.DeepFool;
import io.backdoorgrid.perturb.UniversalSearch;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.random.RandomGenerator;

/**
 * The low-frequency attack (Zeng et al., ICCV 2021): a smooth pattern, the same for all images, is
 * added that misleads a clean network. {@link UniversalSearch} finds it; every move is smoothed by
 * a Gaussian before it is added, then the sum is smoothed and scaled to the whole range from 0 to
 * the amplitude.
 *
 * <p>The defaults are BackdoorBench's, except that success is measured on 100 images of any class
 * where it has 10 of each; the authors search without a limit, for the class that is reached most
 * often. The paper on Hölder Pruning speaks of low-pass filtering, but uses BackdoorBench's
 * patterns.
 *
 * @param search for the pattern
 * @param taps of the Gaussian, at least 1; its deviation is a fifth of that in pixels
 * @param amplitude the pattern's largest value, above 0 and at most 1, times 255
 * @param target the wanted class
 */
@Algorithm("low-frequency")
public record LowFrequency(UniversalSearch search, int taps, double amplitude, int target)
    implements PoisoningAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "hp", Map.of("target", 1));

  public LowFrequency {
    require(taps >= 1, "taps must be at least 1, got %d", taps);
    require(
        amplitude > 0 && amplitude <= 1,
        "amplitude must be above 0 and at most 1, got %s",
        amplitude);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** 100 images, up to 50 passes, a fifth of others fooled, 30 taps, values up to 51, class 0. */
  public LowFrequency() {
    this(new UniversalSearch(100, 100, 50, 0.2, 5, new DeepFool(0.02, 200)), 30, 0.2, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(LabelStrategy.ALL_TO_ONE, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Shift.of(shape, tensors);
  }

  @Override
  public boolean usesSurrogate() {
    return true;
  }

  @Override
  public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
    LabeledImages images = knowledge.images();
    try (Classifier surrogate = knowledge.surrogate()) {
      return new Shift(
          images.shape(), search.find(surrogate, images, target, takeUp(images.shape()), random));
    }
  }

  private BinaryOperator<float[]> takeUp(ImageShape shape) {
    var smoothing = new Smoothing(taps);
    return (pattern, move) -> {
      float[] sum = smoothing.apply(shape, move);
      for (int i = 0; i < sum.length; i++) {
        sum[i] += pattern[i];
      }
      return scaled(smoothing.apply(shape, sum));
    };
  }

  /** The least value becomes 0, the largest the amplitude. */
  private float[] scaled(float[] values) {
    float least = Float.POSITIVE_INFINITY;
    float most = Float.NEGATIVE_INFINITY;
    for (float value : values) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    float[] scaled = new float[values.length];
    if (most > least) { // otherwise there is no pattern
      for (int i = 0; i < scaled.length; i++) {
        scaled[i] = (float) (255 * amplitude * ((values[i] - least) / (most - least)));
      }
    }
    return scaled;
  }
}
