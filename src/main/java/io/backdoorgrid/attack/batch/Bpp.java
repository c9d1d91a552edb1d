package io.backdoorgrid.attack.batch;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.Batches;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.Optional;
import java.util.random.RandomGenerator;

/**
 * BppAttack (Wang et al., CVPR 2022): the trigger is fewer shades per channel ({@link
 * Quantization}).
 *
 * <p>Contrastive training accompanies it: some images get the change that quantization would make
 * in another training image, and keep their label, so that a similar change is not enough. Triggers
 * are computed from and to bytes in training as in the test, and augmentation is the recipe's; the
 * authors' code, which works on floats, also rotates.
 *
 * @param levels shades per channel, 2 to 256; the benchmarks have 8, the authors also 32
 * @param dithering whether errors are passed on to neighboring pixels; the benchmarks do not
 * @param negatives share of the images that get another image's change, 0 to 1
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("bpp")
public record Bpp(int levels, boolean dithering, double negatives, LabelStrategy labels, int target)
    implements BatchAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "hp", Map.of("target", 1),
          "lpp", Map.of());

  public Bpp {
    require(levels >= 2 && levels <= 256, "levels must be from 2 to 256, got %d", levels);
    requireShare("negatives", negatives);
    require(labels != LabelStrategy.CLEAN_LABEL, "labels must be all-to-one or all-to-all for bpp");
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** The benchmarks' setting. */
  public Bpp() {
    this(8, false, 0.1, LabelStrategy.ALL_TO_ONE, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Quantization.of(shape, tensors);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    return new Quantization(shape, levels, dithering);
  }

  @Override
  public Batches batches(
      LabeledImages images, Trigger trigger, double rate, Augmentation augmentation) {
    return new CoveredBatches(
        images,
        trigger,
        goal(),
        rate,
        negatives,
        othersChange(images, (Quantization) trigger),
        augmentation);
  }

  @Override
  public Optional<LabeledImages> crossTriggered(
      LabeledImages images, Trigger trigger, RandomGenerator random) {
    return Optional.of(othersChange(images, (Quantization) trigger).of(images, random));
  }

  private static CoveredBatches.Cover othersChange(LabeledImages others, Quantization trigger) {
    int size = others.shape().size();
    return (pixels, offset, random) -> {
      int other = random.nextInt(others.size()) * size;
      float[] shades = trigger.shades(others.pixels(), other);
      for (int i = 0; i < size; i++) {
        float change = shades[i] - (others.pixels()[other + i] & 0xFF);
        pixels[offset + i] = Pixels.clamped((pixels[offset + i] & 0xFF) + change);
      }
    };
  }
}
