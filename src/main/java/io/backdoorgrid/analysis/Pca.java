package io.backdoorgrid.analysis;

import org.apache.commons.math3.linear.BlockRealMatrix;
import org.apache.commons.math3.linear.EigenDecomposition;
import org.apache.commons.math3.linear.RealMatrix;

/**
 * Principal component analysis: points in the directions in which they vary most, so that distances
 * change as little as a linear map of that many dimensions lets them.
 */
final class Pca {

  private Pca() {}

  /**
   * The points, centerd, along their first principal directions, in descending order of variance;
   * points of no more than that many dimensions as they are.
   */
  static double[][] reduce(double[][] points, int dimensions) {
    if (points.length == 0 || points[0].length <= dimensions) {
      return points;
    }
    RealMatrix centred = new BlockRealMatrix(centred(points));
    RealMatrix scatter = centred.transpose().multiply(centred);
    RealMatrix directions = new EigenDecomposition(scatter).getV(); // sorted by eigenvalue
    int last = scatter.getColumnDimension() - 1;
    return centred.multiply(directions.getSubMatrix(0, last, 0, dimensions - 1)).getData();
  }

  private static double[][] centred(double[][] points) {
    double[] mean = new double[points[0].length];
    for (double[] point : points) {
      for (int j = 0; j < mean.length; j++) {
        mean[j] += point[j] / points.length;
      }
    }
    double[][] centred = new double[points.length][mean.length];
    for (int i = 0; i < points.length; i++) {
      for (int j = 0; j < mean.length; j++) {
        centred[i][j] = points[i][j] - mean[j];
      }
    }
    return centred;
  }
}
