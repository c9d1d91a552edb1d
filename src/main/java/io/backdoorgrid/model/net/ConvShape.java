package io.backdoorgrid.model.net;

import io.backdoorgrid.data.ImageShape;

/**
 * The sizes of a convolution in a network, on which its cost depends.
 *
 * @param input shape of the maps of one image that it reads
 * @param output shape of those it computes
 * @param size edge of the kernel
 */
public record ConvShape(ImageShape input, ImageShape output, int size, int stride) {

  /** Multiplications of one forward pass of one image. */
  public long multiplications() {
    return (long) output.size() * input.channels() * size * size;
  }

  /** How many weights it has. */
  public long weights() {
    return (long) output.channels() * input.channels() * size * size;
  }
}
