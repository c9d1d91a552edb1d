package io.backdoorgrid.model.net;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Conv2d;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Linear;
import java.util.List;
import java.util.Optional;

/**
 * A layer in the description of a network. The description is a list: the first layer reads the
 * images, each further one the output of the layer before it, from which the size of its input
 * follows.
 *
 * <p>Names are those of PyTorch's modules, because weights are stored under them: {@code conv1} in
 * the block {@code 0} of the block {@code layer2} is {@code layer2.0.conv1}. Layers without weights
 * have names too, so that {@link Network#outputs} can be asked for any layer.
 */
public sealed interface LayerSpec {

  /** The name within the surrounding block. */
  String name();

  /**
   * The shape of the output for an input of that shape. If there are layers inside this one, it is
   * what happens to their output: a {@link Residual} adds, a {@link Block} passes it on.
   */
  default ImageShape output(ImageShape input) {
    return input;
  }

  /**
   * Whether each channel of the output is computed from all channels of the input, and not only
   * from the one at the same position.
   */
  default boolean mixesChannels() {
    return false;
  }

  /** A new holder of this layer's weights for an input of that shape; empty if it has none. */
  default Optional<Layer> module(ImageShape input) {
    return Optional.empty();
  }

  /**
   * A convolution without bias, padded so that stride 1 keeps height and width.
   *
   * @param channels of the output
   * @param size edge of the kernel, odd
   * @param stride 1 or 2
   */
  record Convolution(String name, int channels, int size, int stride) implements LayerSpec {

    @Override
    public ImageShape output(ImageShape input) {
      return new ImageShape(strided(input.height()), strided(input.width()), channels);
    }

    private int strided(int edge) {
      return (edge + stride - 1) / stride;
    }

    @Override
    public boolean mixesChannels() {
      return true;
    }

    @Override
    public Optional<Layer> module(ImageShape input) {
      return Optional.of(new Conv2d(input.channels(), channels, size, stride));
    }
  }

  /** Batch normalization. */
  record BatchNorm(String name) implements LayerSpec {

    @Override
    public Optional<Layer> module(ImageShape input) {
      return Optional.of(new BatchNorm2d(input.channels()));
    }
  }

  /** The rectifier {@code max(x, 0)}. */
  record Relu(String name) implements LayerSpec {}

  /** The mean of each channel over height and width. */
  record GlobalAveragePool(String name) implements LayerSpec {

    @Override
    public ImageShape output(ImageShape input) {
      return new ImageShape(1, 1, input.channels());
    }
  }

  /** A fully connected layer with bias; it reads the output of a pooling layer. */
  record FullyConnected(String name, int outputs) implements LayerSpec {

    @Override
    public ImageShape output(ImageShape input) {
      return new ImageShape(1, 1, outputs);
    }

    @Override
    public boolean mixesChannels() {
      return true;
    }

    @Override
    public Optional<Layer> module(ImageShape input) {
      return Optional.of(new Linear(input.size(), outputs));
    }
  }

  /** A sequence of layers whose full names begin with the block's name and a dot. */
  record Block(String name, List<LayerSpec> layers) implements LayerSpec {}

  /**
   * The sum of two paths with the same input.
   *
   * @param name of the sum; it is no part of the names of the layers in the paths
   * @param shortcut empty where the input itself is added
   */
  record Residual(String name, List<LayerSpec> main, List<LayerSpec> shortcut)
      implements LayerSpec {}
}
