package io.backdoorgrid.attack.poisoning;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Stencil;

/**
 * An apple in the lower right of the image: 117 pixels of 32x32, in rows 16 to 29 and columns 17 to
 * 28, the extent of BackdoorBench's. It is scaled to images of other sizes.
 */
final class Apple {

  private static final int EDGE = 32;
  private static final int TOP = 16;
  private static final int LEFT = 17;

  private static final String[] ROWS = {
    ".......###..",
    "......##....",
    ".####..####.",
    "############",
    "############",
    "############",
    "############",
    "############",
    ".##########.",
    ".##########.",
    "..########..",
    "..########..",
    "...######...",
    "....#..#....",
  };

  private Apple() {}

  /** The pixels that it covers. */
  static Stencil on(ImageShape shape) {
    return Stencil.of(
        shape,
        (row, column) ->
            covers(middle(row, shape.height()) - TOP, middle(column, shape.width()) - LEFT));
  }

  /** Where, on 32x32, the middle of a row or column lies. */
  private static int middle(int position, int size) {
    return (2 * position + 1) * EDGE / (2 * size);
  }

  private static boolean covers(int row, int column) {
    return row >= 0
        && row < ROWS.length
        && column >= 0
        && column < ROWS[row].length()
        && ROWS[row].charAt(column) == '#';
  }
}
