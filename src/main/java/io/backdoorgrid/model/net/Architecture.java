package io.backdoorgrid.model.net;

import io.backdoorgrid.data.ImageShape;
import java.util.List;
import java.util.Optional;

/**
 * A kind of network. Implementations are records whose components are hyperparameters; they
 * describe the layers, and everything else follows from that.
 */
public interface Architecture {

  /**
   * The layers from the images to the logits. The last one is fully connected and has an output for
   * each class.
   */
  List<LayerSpec> layers(int classes);

  /** A network with that many classes, not yet initialized. */
  default Network build(ImageShape input, int classes) {
    return new Network(layers(classes), input);
  }

  /** The sizes of all convolutions for images of that shape. */
  default List<ConvShape> convolutions(ImageShape input) {
    int classes = 1; // no convolution depends on it
    return new Graph(layers(classes), input).convolutions();
  }

  /** How many weights the convolutions have, to estimate sizes; the rest is negligible. */
  default long convolutionWeights(ImageShape input) {
    return convolutions(input).stream().mapToLong(ConvShape::weights).sum();
  }

  /**
   * Multiplications of one forward pass of one image, in billions, to estimate costs. Those of the
   * convolutions count; the rest is negligible.
   */
  default double gigaMultiplications(ImageShape input) {
    return convolutions(input).stream().mapToLong(ConvShape::multiplications).sum() / 1e9;
  }

  /** What it brings, if it was trained elsewhere. */
  default Optional<Pretrained> pretrained() {
    return Optional.empty();
  }
}
