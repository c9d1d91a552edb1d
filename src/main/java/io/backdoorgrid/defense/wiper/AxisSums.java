package io.backdoorgrid.defense.wiper;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import java.util.stream.IntStream;

/** Sums over all axes of an array but one. */
final class AxisSums {

  private AxisSums() {}

  /** One sum per position along {@code axis}. */
  static NDArray sumPer(int axis, NDArray array) {
    int rank = array.getShape().dimension();
    return array.sum(IntStream.range(0, rank).filter(i -> i != axis).toArray());
  }

  static double[] doubles(NDArray array) {
    return array.toType(DataType.FLOAT64, false).toDoubleArray();
  }
}
