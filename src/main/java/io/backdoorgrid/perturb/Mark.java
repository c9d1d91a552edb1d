package io.backdoorgrid.perturb;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * A picture within a stencil that learns by gradients: it shows {@code m = (tanh u + 1) / 2}, which
 * stays between 0 and 1 however far a step moves u.
 */
public final class Mark {

  /**
   * The share of its distance from gray that a value keeps at first: black and white have no finite
   * u.
   */
  private static final double KEPT = 0.999;

  private final Stencil stencil;
  private final NDArray numbers;

  /**
   * @param manager owns u
   * @param values the first m, up to a thousandth of its distance from 0.5, per byte of an image
   */
  public Mark(NDManager manager, Stencil stencil, float[] values) {
    this.stencil = stencil;
    float[] u = new float[values.length];
    for (int i = 0; i < u.length; i++) {
      double tanh = KEPT * (2.0 * values[i] - 1);
      u[i] = (float) (Math.log((1 + tanh) / (1 - tanh)) / 2);
    }
    this.numbers = manager.create(u, stencil.batchShape());
    numbers.setRequiresGradient(true);
  }

  /** Values to begin with, of u drawn from a normal distribution. */
  public static float[] noise(ImageShape shape, RandomGenerator random) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = shown(random.nextGaussian());
    }
    return values;
  }

  /** An optimizer of this mark, owned by the manager. */
  public Adam adam(NDManager manager) {
    return new Adam(manager, List.of(numbers));
  }

  /** Images with this mark on, differentiable by it where gradients are recorded. */
  public NDArray put(Classifier classifier, NDArray input) {
    // Results belong to the manager of the first operand: to the input's, which ends with the step.
    NDArray u = input.getManager().zeros(stencil.batchShape()).add(numbers);
    return stencil.put(classifier, input, Ops.stepped(u, 1, 0));
  }

  /** What it shows now. */
  public float[] values() {
    float[] u = numbers.toFloatArray();
    float[] values = new float[u.length];
    for (int i = 0; i < u.length; i++) {
      values[i] = shown(u[i]);
    }
    return values;
  }

  private static float shown(double u) {
    return (float) ((Math.tanh(u) + 1) / 2);
  }
}
