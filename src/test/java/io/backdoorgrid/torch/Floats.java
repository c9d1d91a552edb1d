package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.Map;
import java.util.Random;

/** Numbers into native arrays and layers, and back. */
final class Floats {

  private Floats() {}

  /** Values of any type as float32. */
  static float[] of(NDArray array) {
    return array.toType(DataType.FLOAT32, false).toFloatArray();
  }

  /** Reproducible numbers from -1 to 1. */
  static float[] random(int count, long seed) {
    var random = new Random(seed);
    float[] values = new float[count];
    for (int i = 0; i < count; i++) {
      values[i] = random.nextFloat() * 2 - 1;
    }
    return values;
  }

  /** Gives a layer those parameters, by their names. */
  static <L extends Layer> L fill(NDManager manager, L layer, Map<String, float[]> values) {
    layer
        .namedParameters()
        .forEach(
            (name, parameter) ->
                parameter.setInitializer((m, shape, type) -> m.create(values.get(name), shape)));
    layer.initialize(manager, DataType.FLOAT32, new Shape(1));
    return layer;
  }
}
