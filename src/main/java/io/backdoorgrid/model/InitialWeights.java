package io.backdoorgrid.model;

import ai.djl.ndarray.types.Shape;
import ai.djl.training.initializer.Initializer;
import java.util.random.RandomGenerator;

/**
 * Fresh weights: kernels after He et al. (2015) by fan-out, as torchvision draws them for ResNets;
 * linear layers uniform within one over the root of their inputs, biases zero; batch-norm the
 * identity.
 */
record InitialWeights(RandomGenerator random) {

  Initializer of(String name) {
    if (name.endsWith("running_mean")) {
      return Initializer.ZEROS;
    }
    if (name.endsWith("running_var")) {
      return Initializer.ONES;
    }
    if (name.endsWith("bias")) {
      return Initializer.ZEROS;
    }
    return (manager, shape, type) ->
        switch (shape.dimension()) {
          case 1 -> manager.ones(shape); // the scale of a batch-norm
          case 2 -> manager.create(uniform(shape), shape);
          default -> manager.create(normal(shape), shape);
        };
  }

  private float[] normal(Shape shape) {
    long fanOut = shape.get(0) * shape.get(2) * shape.get(3);
    double deviation = Math.sqrt(2.0 / fanOut);
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (deviation * random.nextGaussian());
    }
    return values;
  }

  private float[] uniform(Shape shape) {
    double bound = 1 / Math.sqrt(shape.get(1));
    float[] values = new float[Math.toIntExact(shape.size())];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) (bound * (2 * random.nextDouble() - 1));
    }
    return values;
  }
}
