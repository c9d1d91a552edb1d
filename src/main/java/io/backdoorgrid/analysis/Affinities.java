package io.backdoorgrid.analysis;

import java.util.Arrays;

/** The probabilities by which points are each other's neighbors, as in {@link TSne}. */
final class Affinities {

  private static final int STEPS = 50;
  private static final double TOLERANCE = 1e-5;

  private Affinities() {}

  /**
   * The joint probabilities {@code p_ij} for all j below i; those of all pairs in both orders add
   * up to 1.
   *
   * @param perplexity effective number of each point's neighbors
   */
  static double[][] of(double[][] points, double perplexity) {
    int n = points.length;
    double[][] p = triangle(n);
    double entropy = Math.log(perplexity);
    for (int i = 0; i < n; i++) {
      double[] neighbours = neighbours(points, i, entropy);
      for (int j = 0; j < n; j++) {
        if (j != i) {
          p[Math.max(i, j)][Math.min(i, j)] += neighbours[j] / (2.0 * n);
        }
      }
    }
    return p;
  }

  /** A number for each pair of n things, in row i one for each j below i. */
  static double[][] triangle(int n) {
    double[][] rows = new double[n][];
    for (int i = 0; i < n; i++) {
      rows[i] = new double[i];
    }
    return rows;
  }

  /**
   * The probabilities {@code p_j|i}, proportional to {@code exp(-beta |x_i - x_j|^2)}, with the
   * beta that gives them that entropy, found by bisection.
   */
  private static double[] neighbours(double[][] points, int i, double entropy) {
    double[] distances = distances(points, i);
    double[] p = new double[distances.length];
    double mean = Arrays.stream(distances).sum() / (distances.length - 1);
    double beta = mean > 0 ? 1 / mean : 1;
    double low = 0;
    double high = Double.POSITIVE_INFINITY;
    for (int step = 0; step < STEPS; step++) {
      double excess = gaussian(distances, i, beta, p) - entropy;
      if (Math.abs(excess) < TOLERANCE) {
        break;
      }
      if (excess > 0) {
        low = beta;
        beta = Double.isInfinite(high) ? 2 * beta : (beta + high) / 2;
      } else {
        high = beta;
        beta = (low + beta) / 2;
      }
    }
    return p;
  }

  /** Fills in the probabilities for that beta, and returns their entropy in nats. */
  private static double gaussian(double[] distances, int i, double beta, double[] p) {
    double sum = 0;
    double weighted = 0;
    for (int j = 0; j < p.length; j++) {
      p[j] = j == i ? 0 : Math.exp(-beta * distances[j]);
      sum += p[j];
      weighted += p[j] * distances[j];
    }
    for (int j = 0; j < p.length; j++) {
      p[j] /= sum;
    }
    return Math.log(sum) + beta * weighted / sum;
  }

  /**
   * Squared distances from point i, less that of its nearest neighbor, which changes no probability
   * and keeps the nearest from vanishing, however far it is; 0 from itself.
   */
  private static double[] distances(double[][] points, int i) {
    double[] distances = new double[points.length];
    double nearest = Double.POSITIVE_INFINITY;
    for (int j = 0; j < distances.length; j++) {
      for (int c = 0; c < points[i].length; c++) {
        double difference = points[i][c] - points[j][c];
        distances[j] += difference * difference;
      }
      if (j != i) {
        nearest = Math.min(nearest, distances[j]);
      }
    }
    for (int j = 0; j < distances.length; j++) {
      distances[j] = Math.max(0, distances[j] - nearest);
    }
    return distances;
  }
}
