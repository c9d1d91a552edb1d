package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.ImageShape;
import java.util.random.RandomGenerator;

/**
 * BadNets (Gu et al., 2017): a small opaque patch in a corner.
 *
 * <p>The defaults are BackdoorBench's and Hölder pruning's white 3x3 square at the bottom right;
 * the CLP paper's Tiny ImageNet setting has {@code size: 5}, WIPER's {@code pattern: random,
 * corner: top-left}.
 *
 * @param size edge of the patch in pixels, at least 1
 * @param pattern what the patch shows
 * @param corner where it lies; it touches both edges
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("badnets")
public record BadNets(int size, Pattern pattern, Corner corner, Labels labels, int target)
    implements ModelFreeAttack {

  /** What a patch shows. */
  public enum Pattern {
    WHITE,
    /** White where row plus column is even, black elsewhere. */
    CHECKERBOARD,
    /** Every byte uniform, drawn once per victim. */
    RANDOM
  }

  /** Where a patch lies. */
  public enum Corner {
    TOP_LEFT,
    TOP_RIGHT,
    BOTTOM_LEFT,
    BOTTOM_RIGHT
  }

  public BadNets {
    require(size >= 1, "size must be at least 1, got %d", size);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** A white 3x3 square at the bottom right, class 0. */
  public BadNets() {
    this(3, Pattern.WHITE, Corner.BOTTOM_RIGHT, Labels.ALL_TO_ONE, 0);
  }

  /** The same patch, each class to the next. */
  static BadNets allToAll() {
    return new BadNets(3, Pattern.WHITE, Corner.BOTTOM_RIGHT, Labels.ALL_TO_ALL, 0);
  }

  /** The WIPER paper's 3x3 square of random pixels at the top left, class 0. */
  static BadNets random() {
    return new BadNets(3, Pattern.RANDOM, Corner.TOP_LEFT, Labels.ALL_TO_ONE, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    require(
        size <= Math.min(shape.height(), shape.width()),
        "a patch of size %d does not fit on images of %s",
        size,
        shape);
    boolean top = corner == Corner.TOP_LEFT || corner == Corner.TOP_RIGHT;
    boolean left = corner == Corner.TOP_LEFT || corner == Corner.BOTTOM_LEFT;
    int firstRow = top ? 0 : shape.height() - size;
    int firstColumn = left ? 0 : shape.width() - size;
    float[] opacity = new float[shape.size()];
    float[] patch = new float[shape.size()];
    for (int row = firstRow; row < firstRow + size; row++) {
      for (int column = firstColumn; column < firstColumn + size; column++) {
        for (int c = 0; c < shape.channels(); c++) {
          opacity[shape.offset(row, column) + c] = 1;
          patch[shape.offset(row, column) + c] = value(row + column, random);
        }
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
