package io.backdoorgrid.attack.trigger;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Stencil;

/**
 * A square in a corner.
 *
 * @param size its edge in pixels, at least 1
 * @param corner where it lies; it touches both edges
 */
public record Patch(int size, Corner corner) {

  public Patch {
    require(size >= 1, "size must be at least 1, got %d", size);
  }

  /** The pixels that it covers. */
  public Stencil on(ImageShape shape) {
    require(
        size <= Math.min(shape.height(), shape.width()),
        "a patch of size %d does not fit on images of %s",
        size,
        shape);
    boolean top = corner == Corner.TOP_LEFT || corner == Corner.TOP_RIGHT;
    boolean left = corner == Corner.TOP_LEFT || corner == Corner.BOTTOM_LEFT;
    int firstRow = top ? 0 : shape.height() - size;
    int firstColumn = left ? 0 : shape.width() - size;
    return Stencil.of(
        shape,
        (row, column) ->
            row >= firstRow
                && row < firstRow + size
                && column >= firstColumn
                && column < firstColumn + size);
  }
}
