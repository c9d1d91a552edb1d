package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;

/**
 * Largest singular values of many small matrices.
 *
 * <p>The (in, h*w) matrix B of an output channel has few columns, so its largest singular value is
 * the root of the largest eigenvalue of {@code B^T B}: one batched matrix product, then a 9x9
 * eigenvalue per channel, found in double precision by Householder's reduction to a tridiagonal
 * matrix and Newton's method on its characteristic polynomial from above, where it converges
 * monotonically. The product is float32, which leaves a relative error of about 1e-7 in a norm.
 */
public final class SpectralNorms {

  /** Where n eigenvalues are equal, each of Newton's steps leaves 1 - 1/n of the way to them. */
  private static final int STEPS_PER_COLUMN = 64;

  private static final double TOLERANCE = 1e-14;

  private SpectralNorms() {}

  /**
   * The spectral norm of each output channel's kernel, reshaped to (in, height * width).
   *
   * @param kernels (out, in, height, width)
   */
  public static double[] ofKernels(NDArray kernels) {
    int channels = (int) kernels.getShape().get(0);
    double[] grams;
    try (NDArray products = Ops.gramMatrices(kernels)) {
      grams = products.toDoubleArray();
    }
    int n = (int) Math.round(Math.sqrt(grams.length / (double) channels));
    var solver = new Solver(n);
    double[] norms = new double[channels];
    for (int k = 0; k < channels; k++) {
      norms[k] = Math.sqrt(solver.largestEigenvalue(grams, k * n * n));
    }
    return norms;
  }

  /** Scratch space for symmetric positive semi-definite matrices of one size. */
  static final class Solver {
    private final int n;
    private final double[][] a;
    private final double[] diagonal;
    private final double[] squaredOffDiagonal;
    private final double[] v;
    private final double[] p;

    Solver(int n) {
      this.n = n;
      this.a = new double[n][n];
      this.diagonal = new double[n];
      this.squaredOffDiagonal = new double[n];
      this.v = new double[n];
      this.p = new double[n];
    }

    /** The largest eigenvalue of the row-major matrix that starts at {@code offset}. */
    double largestEigenvalue(double[] matrices, int offset) {
      double trace = 0;
      for (int i = 0; i < n; i++) {
        System.arraycopy(matrices, offset + i * n, a[i], 0, n);
        trace += a[i][i];
      }
      if (trace <= 0) {
        return 0;
      }
      tridiagonalise();
      return newton(trace);
    }

    /** Householder: A becomes similar to a tridiagonal matrix, one column at a time. */
    private void tridiagonalise() {
      for (int k = 0; k < n - 2; k++) {
        double norm = 0;
        for (int i = k + 1; i < n; i++) {
          norm += a[i][k] * a[i][k];
        }
        norm = Math.sqrt(norm);
        squaredOffDiagonal[k] = norm * norm;
        diagonal[k] = a[k][k];
        if (norm > 0) {
          reflect(k, norm);
        }
      }
      for (int k = Math.max(0, n - 2); k < n; k++) {
        diagonal[k] = a[k][k];
      }
      if (n > 1) {
        squaredOffDiagonal[n - 2] = a[n - 1][n - 2] * a[n - 1][n - 2];
      }
    }

    /** A := H A H with H = I - beta v v^T on the rows and columns behind k. */
    private void reflect(int k, double norm) {
      double alpha = a[k + 1][k] > 0 ? -norm : norm;
      v[k + 1] = a[k + 1][k] - alpha;
      double squared = v[k + 1] * v[k + 1];
      for (int i = k + 2; i < n; i++) {
        v[i] = a[i][k];
        squared += v[i] * v[i];
      }
      double beta = 2 / squared;
      double projection = 0;
      for (int i = k + 1; i < n; i++) {
        double sum = 0;
        for (int j = k + 1; j < n; j++) {
          sum += a[i][j] * v[j];
        }
        p[i] = beta * sum;
        projection += p[i] * v[i];
      }
      for (int i = k + 1; i < n; i++) {
        p[i] -= beta / 2 * projection * v[i];
      }
      for (int i = k + 1; i < n; i++) {
        for (int j = k + 1; j < n; j++) {
          a[i][j] -= v[i] * p[j] + p[i] * v[j];
        }
      }
    }

    /**
     * From the trace, which no eigenvalue of a positive semi-definite matrix exceeds: all roots lie
     * below, so Newton steps never overshoot the largest.
     */
    private double newton(double upperBound) {
      double x = upperBound;
      for (int step = 0; step < STEPS_PER_COLUMN * n; step++) {
        // With q_i the ratio of successive leading minors of xI - T, the logarithmic derivative
        // of the characteristic polynomial is the sum of q_i' / q_i.
        double q = x - diagonal[0];
        double dq = 1;
        if (q <= 0) {
          return x;
        }
        double sum = dq / q;
        for (int i = 1; i < n; i++) {
          double e = squaredOffDiagonal[i - 1] / q;
          dq = 1 + e * dq / q;
          q = x - diagonal[i] - e;
          if (q <= 0) {
            return x; // x reached the eigenvalue up to rounding
          }
          sum += dq / q;
        }
        double next = x - 1 / sum;
        if (x - next <= TOLERANCE * x) {
          return next;
        }
        x = next;
      }
      return x;
    }
  }
}
