package io.backdoorgrid.model.net;

import io.backdoorgrid.algorithm.Algorithm;
import java.util.List;

/**
 * Pre-activation ResNet-18 (He et al., ECCV 2016) as the backdoor literature uses it: a bare 3x3
 * stem; blocks of batch-norm, ReLU, convolution, twice; projections are bare 1x1 convolutions of
 * the activated input; no final batch-norm.
 *
 * <p>Only the first convolution of a block is followed directly by a batch-norm. The others write
 * into the residual stream and stand without one in {@link Network#units}.
 *
 * @param width channels of the first stage, doubled by each later one; 64 in the papers
 */
@Algorithm("preactresnet18")
public record PreActResNet18(int width) implements Architecture {

  public PreActResNet18 {
    ResidualNetwork.requireWidth(width);
  }

  /** The papers' width. */
  public PreActResNet18() {
    this(64);
  }

  @Override
  public List<LayerSpec> layers(int classes) {
    return PreActResNet.layers(18, width, classes);
  }
}
