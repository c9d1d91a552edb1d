package io.backdoorgrid.defense.holder;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.DataType;
import io.backdoorgrid.defense.holder.HolderConstants.Norm;

/**
 * Samples that step by eps along the sign of a neuron's weights, or against it, and stop at the
 * edges of [0, 1]: how far that is for every sample and neuron, and what it changes.
 *
 * <p>Where weight times direction s (1 or -1) is positive, feature c can rise by {@code p = min(1 -
 * z_c, eps)}; where it is negative, fall by {@code m = min(z_c, eps)}. Written with half the sum
 * and half the difference of the two, a step changes the pre-activation by
 *
 * <pre>sum_c (p - m)/2 w_c + s sum_c (p + m)/2 |w_c|</pre>
 *
 * <p>and its squared length is
 *
 * <pre>sum_c (p^2 + m^2)/2 |sign w_c| + s sum_c (p^2 - m^2)/2 sign w_c</pre>
 *
 * <p>so that both directions share three matrix products: the first sum of the length is the same
 * for all neurons unless a weight is exactly zero.
 */
final class SignSteps {

  /** Relative rounding error of a float32 sum, per term. */
  private static final double ROUNDING = 0x1p-23;

  private final NDArray weights;
  private final NDArray signs;
  private final NDArray up;
  private final NDArray down;
  private final float eps;
  private final Norm norm;
  private final Sums changes;
  private final Sums sizes;

  /** A quantity {@code common + s * directed} of both directions s. */
  private record Sums(NDArray common, NDArray directed) {

    NDArray in(NDArray directions) {
      return directions.mul(directed).addi(common);
    }
  }

  /**
   * @param samples (samples, d) from 0 to 1; all results belong to their manager
   * @param weights (d, neurons)
   */
  SignSteps(NDArray samples, NDArray weights, double eps, Norm norm) {
    this.weights = weights;
    this.signs = weights.sign();
    this.eps = (float) eps;
    this.norm = norm;
    NDArray magnitudes = weights.abs();
    samples.getManager().attachAll(signs, magnitudes);
    this.up = samples.neg().addi(1).clip(0, eps);
    this.down = samples.clip(0, eps);
    this.changes =
        new Sums(up.sub(down).muli(0.5).matMul(weights), up.add(down).muli(0.5).matMul(magnitudes));
    this.sizes =
        switch (norm) {
          case L2 -> sizes(up.square(), down.square());
          case L_INF -> sizes(whole(up), whole(down));
          case EPS -> null;
        };
  }

  /** The sum over all features of what those that rise and those that fall contribute. */
  private Sums sizes(NDArray rising, NDArray falling) {
    NDArray mean = rising.add(falling).muli(0.5);
    NDArray common =
        signs.eq(0).any().getBoolean() ? mean.matMul(signs.abs()) : mean.sum(new int[] {1}, true);
    return new Sums(common, rising.sub(falling).muli(0.5).matMul(signs));
  }

  /** 1 for moves that no edge stops, 0 for others. */
  private NDArray whole(NDArray moves) {
    return moves.gte(eps).toType(DataType.FLOAT32, false);
  }

  /**
   * By how much steps change the pre-activations.
   *
   * @param directions (samples, neurons) or (1), 1 or -1; where it is 0, so is no result
   */
  NDArray changes(NDArray directions) {
    return changes.in(directions);
  }

  /** The norms of steps in those directions, exactly 0 for a sample that cannot move. */
  NDArray lengths(NDArray directions) {
    return switch (norm) {
      case L2 -> euclidean(directions);
      case L_INF -> largestMoves(directions);
      case EPS -> directions.onesLike().muli(eps);
    };
  }

  private NDArray euclidean(NDArray directions) {
    NDArray squares = sizes.in(directions);
    // What is left where both sums cancel is their rounding.
    double features = weights.getShape().get(0);
    NDArray moved = squares.gt(sizes.common().mul(features * ROUNDING));
    return squares.muli(moved).maximum(0).sqrt();
  }

  /** Some feature nearly always moves by all of eps; where none does, each is looked at. */
  private NDArray largestMoves(NDArray directions) {
    NDArray counts = sizes.in(directions);
    float[] moves = counts.toFloatArray();
    float[] directed = directions.broadcast(counts.getShape()).toFloatArray();
    float[] ups = up.toFloatArray();
    float[] downs = down.toFloatArray();
    float[] columns = weights.toFloatArray();
    int neurons = (int) weights.getShape().get(1);
    int features = (int) weights.getShape().get(0);
    for (int at = 0; at < moves.length; at++) {
      if (moves[at] > 0) {
        moves[at] = eps;
        continue;
      }
      int row = at / neurons * features;
      for (int c = 0; c < features; c++) {
        float weight = directed[at] * columns[c * neurons + at % neurons];
        float move = weight > 0 ? ups[row + c] : weight < 0 ? downs[row + c] : 0;
        moves[at] = Math.max(moves[at], move);
      }
    }
    return counts.getManager().create(moves, counts.getShape());
  }
}
