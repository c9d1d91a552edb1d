package io.backdoorgrid.defense.datafree;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The class that a fully connected layer favors: the row with the largest mean weight.
 *
 * @param means of each row's weights
 * @param row index of the largest mean; the first of equals
 * @param excess per column, its weight minus the mean of the other rows' weights
 */
record SuspectRow(double[] means, int row, double[] excess) {

  /**
   * @param entries of a (rows, columns) matrix, row by row
   */
  static SuspectRow of(float[] entries, int rows, int columns) {
    double[] rowSums = new double[rows];
    double[] columnSums = new double[columns];
    for (int i = 0; i < entries.length; i++) {
      rowSums[i / columns] += entries[i];
      columnSums[i % columns] += entries[i];
    }
    int suspect = 0;
    for (int row = 1; row < rows; row++) {
      if (rowSums[row] > rowSums[suspect]) {
        suspect = row;
      }
    }
    double[] excess = new double[columns];
    for (int column = 0; column < columns; column++) {
      double own = entries[suspect * columns + column];
      excess[column] = own - (columnSums[column] - own) / Math.max(1, rows - 1);
    }
    return new SuspectRow(
        Arrays.stream(rowSums).map(sum -> sum / columns).toArray(), suspect, excess);
  }

  /** The {@code count} columns with the largest excess, largest first. */
  int[] mostExceeding(int count) {
    return IntStream.range(0, excess.length)
        .boxed()
        .sorted(Comparator.comparingDouble((Integer column) -> -excess[column]))
        .limit(count)
        .mapToInt(Integer::intValue)
        .toArray();
  }
}
