package io.backdoorgrid.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.util.random.RandomGenerator;

/**
 * Fresh weights as PyTorch draws them by default, which is how the papers' networks start: kernels
 * and matrices uniform within one over the root of their inputs, batch-norm the identity. The bias
 * of the last layer starts at zero.
 *
 * <p>The scale matters although batch-norm undoes it: larger weights turn more slowly at the same
 * learning rate.
 */
public record InitialWeights(RandomGenerator random) {

  private static final double PLAIN = 1;
  private static final double RECTIFIED = Math.sqrt(6);

  /** The first value of the parameter of that name. */
  public Initializer of(String name) {
    return of(name, PLAIN);
  }

  /**
   * The same for networks without batch-norm: kernels and matrices are larger by the root of 6 (He
   * et al., ICCV 2015), so that what passes a rectifier keeps its size from layer to layer.
   */
  public Initializer ofRectified(String name) {
    return of(name, RECTIFIED);
  }

  private Initializer of(String name, double gain) {
    if (name.endsWith("running_var")) {
      return Initializer.ONES;
    }
    if (name.endsWith("running_mean") || name.endsWith("bias")) {
      return Initializer.ZEROS;
    }
    return (manager, shape, type) ->
        shape.dimension() == 1 // the scale of a batch-norm
            ? manager.ones(shape)
            : manager.create(uniform(shape, gain), shape);
  }

  private float[] uniform(Shape shape, double gain) {
    float[] values = new float[Math.toIntExact(shape.size())];
    double bound = gain / Math.sqrt(values.length / (double) shape.get(0));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }
}
