package io.backdoorgrid.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.util.random.RandomGenerator;

/**
 * Fresh weights as PyTorch draws them where nothing else is said, which is how the papers' networks
 * start: kernels and matrices uniform within one over the root of their inputs, batch-norm the
 * identity. The bias of the last layer starts at zero.
 *
 * <p>The scale matters although batch-norm undoes it: larger weights turn more slowly at the same
 * learning rate.
 */
record InitialWeights(RandomGenerator random) {

  Initializer of(String name) {
    if (name.endsWith("running_var")) {
      return Initializer.ONES;
    }
    if (name.endsWith("running_mean") || name.endsWith("bias")) {
      return Initializer.ZEROS;
    }
    return (manager, shape, type) ->
        shape.dimension() == 1 // the scale of a batch-norm
            ? manager.ones(shape)
            : manager.create(uniform(shape), shape);
  }

  private float[] uniform(Shape shape) {
    float[] values = new float[Math.toIntExact(shape.size())];
    double bound = 1 / Math.sqrt(values.length / (double) shape.get(0));
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }
}
