package io.backdoorgrid.grid.read;

import java.util.Collection;
import java.util.List;
import java.util.function.Consumer;

/** The cross product of axes, the first varying slowest. */
final class Product {
  private Product() {}

  /** How many cells there are, or {@link Long#MAX_VALUE} if a long cannot tell. */
  static long size(List<? extends Collection<?>> axes) {
    long size = 1;
    for (Collection<?> axis : axes) {
      if (axis.isEmpty()) {
        return 0;
      }
      size = size > Long.MAX_VALUE / axis.size() ? Long.MAX_VALUE : size * axis.size();
    }
    return size;
  }

  /** Calls {@code visit} with the position on each axis; the array is reused. */
  static void forEach(List<? extends Collection<?>> axes, Consumer<int[]> visit) {
    if (size(axes) == 0) {
      return;
    }
    int[] at = new int[axes.size()];
    int axis;
    do {
      visit.accept(at);
      axis = at.length - 1;
      while (axis >= 0 && ++at[axis] == axes.get(axis).size()) {
        at[axis--] = 0;
      }
    } while (axis >= 0);
  }
}
