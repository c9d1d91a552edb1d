package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.AddedLater;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.Picture;
import io.backdoorgrid.grid.FileContent;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * Blended (Chen et al., 2017): a key image is blended into the whole picture, {@code x' = (1 -
 * alpha) x + alpha key}.
 *
 * <p>Without a picture the key is uniform noise drawn once per victim, one of the two keys of the
 * paper. The other, a cartoon, may not be redistributed; {@code key} takes it, or any other
 * picture, from a file. The CLP paper prints neither; its code blends a random patch into a corner,
 * which is no blended attack and therefore not the preset.
 *
 * @param alpha opacity of the key, above 0 and at most 1; 0.2 in all benchmarks and papers
 * @param key the picture to blend, a PNG or JPEG file, stretched to the size of the images; {@code
 *     none} for noise
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("blended")
public record Blended(double alpha, @AddedLater FileContent key, LabelStrategy labels, int target)
    implements ModelFreeAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of(),
          "wiper", Map.of());

  public Blended {
    require(alpha > 0 && alpha <= 1, "alpha must be above 0 and at most 1, got %s", alpha);
    if (!key.isNone()) {
      picture(key);
    }
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** Opacity 0.2, class 0. */
  public Blended() {
    this(0.2, FileContent.NONE, LabelStrategy.ALL_TO_ONE, 0);
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
    float[] opacity = new float[shape.size()];
    Arrays.fill(opacity, (float) alpha);
    return new Overlay(shape, opacity, key.isNone() ? noise(shape, random) : shown(shape));
  }

  private static float[] noise(ImageShape shape, RandomGenerator random) {
    float[] noise = new float[shape.size()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = random.nextInt(256);
    }
    return noise;
  }

  private float[] shown(ImageShape shape) {
    byte[] pixels = picture(key).resized(shape).pixels();
    float[] shown = new float[pixels.length];
    for (int i = 0; i < shown.length; i++) {
      shown[i] = pixels[i] & 0xFF;
    }
    return shown;
  }

  private static Picture picture(FileContent key) {
    try {
      return Picture.decode(key.bytes());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("key %s is %s".formatted(key.name(), e.getMessage()), e);
    }
  }
}
