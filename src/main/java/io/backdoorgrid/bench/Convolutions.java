package io.backdoorgrid.bench;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.net.ConvShape;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import java.util.List;

/** The convolutions of a network by themselves: nothing else of a training step. */
final class Convolutions {

  private static final int IMAGE_CHANNELS = 3;

  private Convolutions() {}

  /** Seconds of the forward pass, and of the backward pass to input and kernels, of one batch. */
  static List<Double> seconds(
      NDManager manager, ConvShape conv, int batch, Precision precision, int repeats) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray x = images(scope, batch, conv.input(), precision);
      NDArray dy = images(scope, batch, conv.output(), precision);
      int in = conv.input().channels();
      NDArray w =
          scope.randomNormal(new Shape(conv.output().channels(), in, conv.size(), conv.size()));
      boolean first = in == IMAGE_CHANNELS;
      return Repeats.seconds(
          manager.getDevice(),
          repeats,
          () -> {
            Ops.convolution(x, w, conv.stride()).close();
            Ops.convolutionBackward(x, w, dy, conv.stride(), !first).close();
          });
    }
  }

  /** Random numbers as they run through a network. */
  private static NDArray images(NDManager scope, int count, ImageShape shape, Precision precision) {
    int channels = shape.channels();
    NDArray mean = scope.zeros(new Shape(channels));
    NDArray scale = scope.ones(new Shape(channels));
    var pixels = new Shape(count, shape.height(), shape.width(), channels);
    return Ops.images(scope.randomNormal(pixels), mean, scale, precision);
  }
}
