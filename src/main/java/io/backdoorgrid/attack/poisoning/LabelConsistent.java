package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.Pgd;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Recipe;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The label-consistent attack (Turner et al., 2019), called CLA in the CLP paper: images of the
 * target class are made hard to recognize, then get a patch in every corner, so that the network
 * learns the patch. Labels stay true. Test images get the patch alone.
 *
 * <p>Images are made hard by {@link Pgd} on a clean network of the victim's kind, as in the CLP
 * paper's code; Turner et al. and BackdoorBench use an adversarially trained network, and Turner et
 * al. also interpolate by a GAN. The rate is over all images, as in BackdoorBench: 0.1 of CIFAR-10
 * is the whole target class.
 *
 * <p>The defaults are BackdoorBench's: eps of its attack, as in the paper on Hölder Pruning, step
 * and iterations of its script for new images, which has {@code eps: 8}. The CLP paper's code, its
 * preset, has {@code eps: 12, step: 2, iterations: 7, patch: random}, and more grays in its random
 * patch. Images of 64x64 take {@code size: 6}.
 *
 * @param pgd how images are made hard
 * @param patch what the patches show
 * @param size edge of a patch in pixels, positive; of a checkerboard a multiple of 3
 * @param amplitude above 0 and at most 1: times 255, what a checkerboard adds where it is white and
 *     subtracts where it is black; for a random patch its opacity
 * @param target the wanted class
 */
@Algorithm("label-consistent")
public record LabelConsistent(Pgd pgd, Patch patch, int size, double amplitude, int target)
    implements ModelFreeAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of("eps", 12, "step", 2, "iterations", 7, "patch", "random"),
          "hp", Map.of("target", 1));

  /** What a patch shows. */
  public enum Patch {
    /**
     * 3x3 cells, mirrored in the right corners so that flipped images show the same: white in the
     * middle, in the two corners at the image's side and in the lower one at the other.
     */
    CHECKERBOARD,
    /** Every byte uniform, drawn once per victim, the same in all corners. */
    RANDOM
  }

  private static final int CELLS = 3;

  /** The left corners' cells, row by row, 1 for white. */
  private static final int[] WHITE = {1, 0, 0, 0, 1, 0, 1, 0, 1};

  public LabelConsistent {
    require(
        size >= 1 && (patch == Patch.RANDOM || size % CELLS == 0),
        "size must be positive, and of a checkerboard a multiple of %d, got %d",
        CELLS,
        size);
    require(
        amplitude > 0 && amplitude <= 1,
        "amplitude must be above 0 and at most 1, got %s",
        amplitude);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** 100 steps of 1.5 within 16, an opaque 3x3 checkerboard, class 0. */
  public LabelConsistent() {
    this(new Pgd(16, 1.5, 100), Patch.CHECKERBOARD, 3, 1, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(LabelStrategy.CLEAN_LABEL, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return patch == Patch.CHECKERBOARD ? Shift.of(shape, tensors) : Overlay.of(shape, tensors);
  }

  @Override
  public double gigaMultiplications(Scale scale, Recipe recipe) {
    return ModelFreeAttack.super.gigaMultiplications(scale, recipe)
        + pgd.iterations()
            * Scale.INPUT_PASSES
            * scale.poisonRate()
            * scale.images()
            * scale.network();
  }

  @Override
  public boolean usesSurrogate() {
    return true;
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    require(
        2 * size <= Math.min(shape.height(), shape.width()),
        "patches of size %d in all corners do not fit on images of %s",
        size,
        shape);
    return patch == Patch.CHECKERBOARD ? checkerboard(shape) : random(shape, random);
  }

  private Trigger checkerboard(ImageShape shape) {
    float[] shift = new float[shape.size()];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        int white = WHITE[row * CELLS / size * CELLS + column * CELLS / size];
        float change = (float) (white == 1 ? 255 * amplitude : -255 * amplitude);
        for (int top : new int[] {row, shape.height() - size + row}) {
          fill(shape, shift, top, column, change);
          fill(shape, shift, top, shape.width() - 1 - column, change);
        }
      }
    }
    return new Shift(shape, shift);
  }

  private Trigger random(ImageShape shape, RandomGenerator random) {
    float[] opacity = new float[shape.size()];
    float[] pattern = new float[shape.size()];
    for (int row = 0; row < size; row++) {
      for (int column = 0; column < size; column++) {
        for (int c = 0; c < shape.channels(); c++) {
          int value = random.nextInt(256);
          for (int top : new int[] {row, shape.height() - size + row}) {
            for (int left : new int[] {column, shape.width() - size + column}) {
              opacity[shape.offset(top, left) + c] = (float) amplitude;
              pattern[shape.offset(top, left) + c] = value;
            }
          }
        }
      }
    }
    return new Overlay(shape, opacity, pattern);
  }

  private static void fill(ImageShape shape, float[] values, int row, int column, float value) {
    for (int c = 0; c < shape.channels(); c++) {
      values[shape.offset(row, column) + c] = value;
    }
  }

  @Override
  public void prepare(
      LabeledImages images,
      int[] positions,
      Trigger trigger,
      Knowledge knowledge,
      RandomGenerator random) {
    try (Classifier surrogate = knowledge.surrogate()) {
      pgd.harden(images, positions, surrogate);
    }
    trigger.apply(images, positions);
  }
}
