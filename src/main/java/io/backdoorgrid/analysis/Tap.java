package io.backdoorgrid.analysis;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Activation;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.torch.ConvNorm;

/** The point of a unit at which its channels' maps are taken. */
public enum Tap {
  /** The convolution alone. */
  CONV_OUT,
  /** Behind its batch-norm, if it has one: the channel as CLP defines it. */
  POST_BN_PRE_RELU,
  /**
   * Rectified after that. Where a network adds a shortcut first, or rectifies only later, this is
   * the unit's own contribution.
   */
  POST_RELU;

  /** The maps (n, channels, h, w) of a unit for {@code input}, in the input's precision. */
  NDArray of(ConvUnit unit, NDArray input) {
    if (this == CONV_OUT || unit.norm().isEmpty()) {
      NDArray maps = unit.conv().apply(input);
      return this == POST_RELU ? Activation.relu(maps) : maps;
    }
    var layer = new ConvNorm(unit.conv(), unit.norm().get());
    return this == POST_RELU ? layer.applyRelu(input, false) : layer.apply(input, false);
  }
}
