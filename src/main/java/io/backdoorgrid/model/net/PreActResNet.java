package io.backdoorgrid.model.net;

import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import io.backdoorgrid.model.net.LayerSpec.Residual;
import java.util.ArrayList;
import java.util.List;

/**
 * Pre-activation ResNet (He et al., ECCV 2016) as the backdoor literature uses it: a bare 3x3 stem;
 * in a block, batch norm and ReLU before each convolution; projections are bare 1x1 convolutions of
 * the activated input; no batch norm at the end.
 *
 * <p>The last convolution of a block and the projection write into the residual stream and have no
 * batch norm of their own: the next one normalizes the sum.
 */
final class PreActResNet {

  private PreActResNet() {}

  static List<LayerSpec> layers(int depth, int width, int classes) {
    List<LayerSpec> stem = List.of(new Convolution("conv1", width, 3, 1));
    return ResidualNetwork.layers(stem, depth, width, classes, PreActResNet::block);
  }

  private static List<LayerSpec> block(ResidualNetwork.BlockConvolutions convolutions) {
    int count = convolutions.main().size();
    var layers = new ArrayList<LayerSpec>();
    for (int i = 1; i <= count; i++) {
      layers.add(new BatchNorm("bn" + i));
      layers.add(new Relu("relu" + i));
      layers.add(convolutions.main().get(i - 1));
    }
    if (convolutions.projection().isEmpty()) {
      return List.of(new Residual("sum", layers, List.of()));
    }
    List<LayerSpec> shortcut = List.of(convolutions.projection().get());
    // It reads what the first convolution reads.
    return List.of(
        layers.get(0),
        layers.get(1),
        new Residual("sum", layers.subList(2, layers.size()), shortcut));
  }
}
