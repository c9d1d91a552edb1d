package io.backdoorgrid.model.net;

import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import io.backdoorgrid.model.net.LayerSpec.Residual;
import java.util.ArrayList;
import java.util.List;

/**
 * ResNet (He et al., CVPR 2016) with the stem for small images: one 3x3 convolution, no
 * max-pooling. Every convolution is followed by its batch norm.
 */
final class ResNet {

  private ResNet() {}

  static List<LayerSpec> layers(int depth, int width, int classes) {
    List<LayerSpec> stem =
        List.of(new Convolution("conv1", width, 3, 1), new BatchNorm("bn1"), new Relu("relu"));
    return ResidualNetwork.layers(stem, depth, width, classes, ResNet::block);
  }

  private static List<LayerSpec> block(ResidualNetwork.BlockConvolutions convolutions) {
    int count = convolutions.main().size();
    var main = new ArrayList<LayerSpec>();
    for (int i = 1; i <= count; i++) {
      main.add(convolutions.main().get(i - 1));
      main.add(new BatchNorm("bn" + i));
      if (i < count) {
        main.add(new Relu("relu" + i));
      }
    }
    var shortcut = new ArrayList<LayerSpec>();
    if (convolutions.projection().isPresent()) {
      shortcut.add(convolutions.projection().get());
      shortcut.add(new BatchNorm("shortcut.1"));
    }
    return List.of(new Residual("sum", main, shortcut), new Relu("relu" + count));
  }
}
