package io.backdoorgrid.analysis;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * Exact t-SNE (van der Maaten and Hinton, "Visualizing Data using t-SNE", JMLR 2008): points on a
 * plane whose neighbors are the points' neighbors. Time and memory grow with the square of their
 * number.
 *
 * <p>Point i chooses point j as its neighbor with the probability {@code p_j|i} of a Gaussian
 * around it, with the width that gives it {@code perplexity} effective neighbors; {@code p_ij =
 * (p_j|i + p_i|j) / 2n}. On the plane {@code q_ij} is proportional to {@code 1 / (1 + |y_i -
 * y_j|^2)}. Gradient descent with momentum and a gain per coordinate lowers the Kullback-Leibler
 * divergence {@code sum p log(p / q)} from a random start close to the origin; for the first
 * iterations P is exaggerated, so that neighbors find each other.
 *
 * @param perplexity at least 1; of n points with fewer than three times as many others, {@code (n -
 *     1) / 3} is taken instead
 * @param iterations of the descent
 * @param learningRate of the descent, positive; for n points no more than {@code n / 12} is taken,
 *     beyond which the exaggerated forces scatter few points (measured)
 */
record TSne(double perplexity, int iterations, double learningRate) {

  private static final double EXAGGERATION = 12;
  private static final int EXAGGERATED_ITERATIONS = 250;
  private static final double EARLY_MOMENTUM = 0.5;
  private static final double MOMENTUM = 0.8;
  private static final double LEAST_GAIN = 0.01;
  private static final double START_DEVIATION = 1e-4;

  TSne {
    require(perplexity >= 1, "the perplexity must be at least 1, got %s", perplexity);
    require(iterations >= 0, "iterations must not be negative, got %d", iterations);
    require(learningRate > 0, "the learning rate must be positive, got %s", learningRate);
  }

  /** The usual settings. */
  TSne() {
    this(30, 1_000, 200);
  }

  /** Places the points on a plane: x and y of each. */
  double[][] embed(double[][] points, RandomGenerator random) {
    double[][] p = Affinities.of(points, Math.min(perplexity, (points.length - 1) / 3.0));
    double[][] y = new double[points.length][2];
    for (double[] place : y) {
      place[0] = START_DEVIATION * random.nextGaussian();
      place[1] = START_DEVIATION * random.nextGaussian();
    }
    double[][] closeness = Affinities.triangle(points.length);
    double[][] steps = new double[points.length][2];
    double[][] gains = new double[points.length][2];
    for (double[] gain : gains) {
      Arrays.fill(gain, 1);
    }
    double rate = Math.min(learningRate, points.length / EXAGGERATION);
    for (int iteration = 0; iteration < iterations; iteration++) {
      boolean early = iteration < EXAGGERATED_ITERATIONS;
      double[][] gradient = gradient(p, early ? EXAGGERATION : 1, y, closeness);
      descend(y, gradient, gains, steps, rate, early ? EARLY_MOMENTUM : MOMENTUM);
    }
    return y;
  }

  private static void descend(
      double[][] y,
      double[][] gradient,
      double[][] gains,
      double[][] steps,
      double rate,
      double momentum) {
    for (int i = 0; i < y.length; i++) {
      for (int c = 0; c < 2; c++) {
        boolean onward = gradient[i][c] * steps[i][c] < 0;
        gains[i][c] = onward ? gains[i][c] + 0.2 : Math.max(LEAST_GAIN, gains[i][c] * 0.8);
        steps[i][c] = momentum * steps[i][c] - rate * gains[i][c] * gradient[i][c];
        y[i][c] += steps[i][c];
      }
    }
  }

  /** {@code 4 sum_j (e p_ij - q_ij) (y_i - y_j) / (1 + |y_i - y_j|^2)} for each i. */
  private static double[][] gradient(
      double[][] p, double exaggeration, double[][] y, double[][] closeness) {
    double total = closeness(y, closeness);
    double[][] gradient = new double[y.length][2];
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < i; j++) {
        double close = closeness[i][j];
        double force = 4 * (exaggeration * p[i][j] - close / total) * close;
        double x = force * (y[i][0] - y[j][0]);
        double z = force * (y[i][1] - y[j][1]);
        gradient[i][0] += x;
        gradient[i][1] += z;
        gradient[j][0] -= x;
        gradient[j][1] -= z;
      }
    }
    return gradient;
  }

  /**
   * Fills in {@code 1 / (1 + |y_i - y_j|^2)} for all j below i, and returns their sum over all
   * pairs in both orders.
   */
  private static double closeness(double[][] y, double[][] closeness) {
    double total = 0;
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < i; j++) {
        double x = y[i][0] - y[j][0];
        double z = y[i][1] - y[j][1];
        closeness[i][j] = 1 / (1 + x * x + z * z);
        total += 2 * closeness[i][j];
      }
    }
    return total;
  }

  /**
   * The Kullback-Leibler divergence of places from affinities.
   *
   * @param p as {@link Affinities} has them
   */
  static double divergence(double[][] p, double[][] y) {
    double[][] closeness = Affinities.triangle(y.length);
    double total = closeness(y, closeness);
    double divergence = 0;
    for (int i = 0; i < y.length; i++) {
      for (int j = 0; j < i; j++) {
        if (p[i][j] > 0) {
          divergence += 2 * p[i][j] * Math.log(p[i][j] * total / closeness[i][j]);
        }
      }
    }
    return divergence;
  }
}
