package io.backdoorgrid.model.net;

import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.model.net.LayerSpec.GlobalAveragePool;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import java.util.ArrayList;
import java.util.List;

/**
 * The smallest network that has everything: a convolution, a batch-norm if wanted, ReLU, global
 * average pooling, a linear layer. Names: {@code conv}, {@code norm}, {@code linear}.
 *
 * @param channels of the convolution
 * @param kernel its edge
 * @param normalized whether there is a batch-norm (and a ReLU)
 */
public record TinyNet(int channels, int kernel, boolean normalised) implements Architecture {

  @Override
  public List<LayerSpec> layers(int classes) {
    var layers = new ArrayList<LayerSpec>();
    layers.add(new Convolution("conv", channels, kernel, 1));
    if (normalised) {
      layers.add(new BatchNorm("norm"));
      layers.add(new Relu("relu"));
    }
    layers.add(new GlobalAveragePool("pool"));
    layers.add(new FullyConnected("linear", classes));
    return layers;
  }
}
