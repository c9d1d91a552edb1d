package io.backdoorgrid.attack.ssba;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.BiasedConv2d;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import io.backdoorgrid.torch.Ops;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads the bits that a {@link SecretEncoder} has hidden: seven convolutions, of which five halve
 * the size, and two fully connected layers.
 */
final class SecretDecoder extends Layer {

  /** Of each convolution; channels as multiples of the base. */
  private static final int[] STRIDES = {2, 1, 2, 1, 2, 2, 2};

  private static final int[] WIDTHS = {1, 1, 2, 2, 2, 4, 4};

  /** Neurons of the hidden layer, as a multiple of the base. */
  private static final int HIDDEN = 16;

  private final List<BiasedConv2d> convs = new ArrayList<>();
  private final Linear first;
  private final Linear second;

  SecretDecoder(ImageShape shape, int bits, int base) {
    int in = shape.channels();
    int height = shape.height();
    int width = shape.width();
    for (int i = 0; i < STRIDES.length; i++) {
      int out = WIDTHS[i] * base;
      convs.add(add("conv" + (i + 1), new BiasedConv2d(in, out, 3, STRIDES[i])));
      in = out;
      height = (height + STRIDES[i] - 1) / STRIDES[i];
      width = (width + STRIDES[i] - 1) / STRIDES[i];
    }
    first = add("first", new Linear(in * height * width, HIDDEN * base));
    second = add("second", new Linear(HIDDEN * base, bits));
  }

  /** Multiplications of the convolutions for one image, in billions. */
  static double gigaMultiplications(ImageShape shape, int base) {
    double sum = 0;
    int in = shape.channels();
    int height = shape.height();
    int width = shape.width();
    for (int i = 0; i < STRIDES.length; i++) {
      int out = WIDTHS[i] * base;
      height = (height + STRIDES[i] - 1) / STRIDES[i];
      width = (width + STRIDES[i] - 1) / STRIDES[i];
      sum += 9.0 * in * out * height * width;
      in = out;
    }
    return sum / 1e9;
  }

  /** Images (n, channels, height, width) to the logits of their bits (n, bits), float32. */
  NDArray logits(NDArray images) {
    NDArray x = images;
    for (BiasedConv2d conv : convs) {
      x = conv.applyRelu(x);
    }
    return second.apply(Ops.relu(first.apply(x.reshape(x.getShape().get(0), -1))));
  }
}
