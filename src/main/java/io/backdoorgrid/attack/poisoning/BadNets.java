package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Hyperparameters.with;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * BadNets (Gu et al., 2017): a small opaque patch in a corner.
 *
 * <p>The defaults are BackdoorBench's white 3x3 square at the bottom right. Hölder Pruning has the
 * same with target class 1 in its figures, and so do its presets here, although its tables may be
 * for BackdoorBench's class 0; LPP prints only the size. The CLP paper prints the size, 3, or 5 on
 * Tiny ImageNet; its code draws random colors, with more grays among them than ours. WIPER has a
 * random patch at the top left.
 *
 * @param size edge of the patch in pixels, at least 1
 * @param pattern what the patch shows
 * @param corner where it lies; it touches both edges
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("badnets")
public record BadNets(int size, Pattern pattern, Corner corner, LabelStrategy labels, int target)
    implements ModelFreeAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of("pattern", "random"),
          "hp", Map.of("target", 1),
          "lpp", Map.of(),
          "wiper", Map.of("pattern", "random", "corner", "top-left"));

  public static final Map<String, Map<String, Object>> ALL_TO_ALL_PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of("pattern", "random"));

  /** What a patch shows. */
  public enum Pattern {
    WHITE,
    /** White where row plus column is even, black elsewhere. */
    CHECKERBOARD,
    /** Every byte uniform, drawn once per victim. */
    RANDOM
  }

  public BadNets {
    new Patch(size, corner); // checks the size
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** A white 3x3 square at the bottom right, class 0. */
  public BadNets() {
    this(3, Pattern.WHITE, Corner.BOTTOM_RIGHT, LabelStrategy.ALL_TO_ONE, 0);
  }

  /** The WIPER paper's 3x3 square of random pixels at the top left, class 0. */
  public static BadNets random() {
    return with(new BadNets(), PRESETS.get("wiper"));
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Overlay.of(shape, tensors);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    boolean[] covered = new Patch(size, corner).on(shape).covered();
    float[] opacity = new float[shape.size()];
    float[] patch = new float[shape.size()];
    for (int i = 0; i < covered.length; i++) {
      if (covered[i]) {
        int pixel = i / shape.channels();
        opacity[i] = 1;
        patch[i] = value(pixel / shape.width() + pixel % shape.width(), random);
      }
    }
    return new Overlay(shape, opacity, patch);
  }

  private int value(int diagonal, RandomGenerator random) {
    return switch (pattern) {
      case WHITE -> 255;
      case CHECKERBOARD -> diagonal % 2 == 0 ? 255 : 0;
      case RANDOM -> random.nextInt(256);
    };
  }
}
