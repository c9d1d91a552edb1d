package io.backdoorgrid.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import java.util.ArrayList;
import java.util.List;

/** The convolutions of a network by themselves: nothing else of a training step. */
final class Convolutions {

  private static final int STAGES = 4;
  private static final int IMAGE_EDGE = 32;
  private static final int IMAGE_CHANNELS = 3;

  /**
   * One convolution.
   *
   * @param edge height and width of its input
   * @param size edge of the kernel
   */
  record Layer(int in, int out, int edge, int size, int stride) {

    /** Multiplications of one forward pass of one image, in billions. */
    double gigaMultiplications() {
      double area = (double) edge * edge / (stride * stride);
      return area * in * out * size * size / 1e9;
    }
  }

  private Convolutions() {}

  /** Those of a ResNet-18 for 32x32 images, shortcuts included. */
  static List<Layer> ofResNet18(int width) {
    var layers = new ArrayList<Layer>();
    layers.add(new Layer(IMAGE_CHANNELS, width, IMAGE_EDGE, 3, 1));
    int in = width;
    for (int stage = 0; stage < STAGES; stage++) {
      int out = width << stage;
      int edge = IMAGE_EDGE >> stage;
      if (stage == 0) {
        layers.add(new Layer(in, out, edge, 3, 1));
      } else {
        layers.add(new Layer(in, out, 2 * edge, 3, 2));
        layers.add(new Layer(in, out, 2 * edge, 1, 2));
      }
      for (int i = 0; i < 3; i++) {
        layers.add(new Layer(out, out, edge, 3, 1));
      }
      in = out;
    }
    return layers;
  }

  /** Seconds of the forward pass, and of the backward pass to input and kernels, of one batch. */
  static List<Double> seconds(
      NDManager manager, Layer layer, int batch, Precision precision, int repeats) {
    try (NDManager scope = manager.newSubManager()) {
      int edge = layer.edge();
      NDArray x = images(scope, new Shape(batch, edge, edge, layer.in()), precision);
      int outEdge = edge / layer.stride();
      NDArray dy = images(scope, new Shape(batch, outEdge, outEdge, layer.out()), precision);
      NDArray w =
          scope.randomNormal(new Shape(layer.out(), layer.in(), layer.size(), layer.size()));
      boolean first = layer.in() == IMAGE_CHANNELS;
      return Repeats.seconds(
          manager.getDevice(),
          repeats,
          () -> {
            Ops.convolution(x, w, layer.stride()).close();
            Ops.convolutionBackward(x, w, dy, layer.stride(), !first).close();
          });
    }
  }

  /** Random numbers of that shape (n, height, width, channels), as they run through a network. */
  private static NDArray images(NDManager scope, Shape shape, Precision precision) {
    NDArray mean = scope.zeros(new Shape(shape.get(3)));
    NDArray scale = scope.ones(new Shape(shape.get(3)));
    return Ops.images(scope.randomNormal(shape), mean, scale, precision);
  }
}
