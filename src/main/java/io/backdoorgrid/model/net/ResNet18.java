package io.backdoorgrid.model.net;

import io.backdoorgrid.algorithm.Algorithm;
import java.util.List;

/**
 * ResNet-18 (He et al., CVPR 2016) with the stem for small images: one 3x3 convolution, no
 * max-pooling; four stages of two basic blocks; 1x1 projections where the shape changes.
 *
 * @param width channels of the first stage, doubled by each later one; 64 in the papers
 */
@Algorithm("resnet18")
public record ResNet18(int width) implements Architecture {

  public ResNet18 {
    ResidualNetwork.requireWidth(width);
  }

  /** The papers' width. */
  public ResNet18() {
    this(64);
  }

  @Override
  public List<LayerSpec> layers(int classes) {
    return ResNet.layers(18, width, classes);
  }
}
