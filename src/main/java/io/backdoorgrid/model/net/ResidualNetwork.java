package io.backdoorgrid.model.net;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.model.net.LayerSpec.Block;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.model.net.LayerSpec.GlobalAveragePool;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;

/**
 * The plan of residual networks of 18, 34 or 50 layers: a stem, four stages of residual blocks,
 * pooling and a linear head. Each stage but the first halves height and width and doubles the
 * channels.
 */
final class ResidualNetwork {

  /** Channels that leave a bottleneck for each one inside it. */
  private static final int EXPANSION = 4;

  /**
   * The convolutions of a residual block.
   *
   * @param main two of 3x3, or in a bottleneck 1x1, 3x3 and 1x1; {@code conv1} and so on
   * @param projection where the block changes the shape, the 1x1 convolution {@code shortcut.0}
   */
  record BlockConvolutions(List<Convolution> main, Optional<Convolution> projection) {}

  private ResidualNetwork() {}

  /**
   * @throws IllegalArgumentException if networks of that width are not offered
   */
  static void requireWidth(int width) {
    require(width >= 1 && width <= 256, "width must be from 1 to 256, got %d", width);
  }

  /**
   * The layers from the images to the logits.
   *
   * @param depth 18 or 34 (basic blocks), or 50 (bottlenecks)
   * @param width channels of the stem, and of the 3x3 convolutions in the first stage
   * @param block arranges a block's convolutions and adds what is between them
   */
  static List<LayerSpec> layers(
      List<LayerSpec> stem,
      int depth,
      int width,
      int classes,
      Function<BlockConvolutions, List<LayerSpec>> block) {
    var layers = new ArrayList<>(stem);
    int[] blocks = blocksPerStage(depth);
    int expansion = depth < 50 ? 1 : EXPANSION;
    int in = width;
    for (int stage = 0; stage < blocks.length; stage++) {
      int inner = width << stage;
      int out = expansion * inner;
      var ofStage = new ArrayList<LayerSpec>();
      for (int i = 0; i < blocks[stage]; i++) {
        int stride = stage > 0 && i == 0 ? 2 : 1;
        var convolutions =
            new BlockConvolutions(
                expansion == 1 ? basic(inner, stride) : bottleneck(inner, out, stride),
                stride == 1 && in == out
                    ? Optional.empty()
                    : Optional.of(new Convolution("shortcut.0", out, 1, stride)));
        ofStage.add(new Block(String.valueOf(i), block.apply(convolutions)));
        in = out;
      }
      layers.add(new Block("layer" + (stage + 1), ofStage));
    }
    layers.add(new GlobalAveragePool("avgpool"));
    layers.add(new FullyConnected("linear", classes));
    return layers;
  }

  private static int[] blocksPerStage(int depth) {
    return switch (depth) {
      case 18 -> new int[] {2, 2, 2, 2};
      case 34, 50 -> new int[] {3, 4, 6, 3};
      default -> throw new IllegalArgumentException("depth must be 18, 34 or 50, got " + depth);
    };
  }

  private static List<Convolution> basic(int channels, int stride) {
    return List.of(
        new Convolution("conv1", channels, 3, stride), new Convolution("conv2", channels, 3, 1));
  }

  private static List<Convolution> bottleneck(int inner, int out, int stride) {
    return List.of(
        new Convolution("conv1", inner, 1, 1),
        new Convolution("conv2", inner, 3, stride),
        new Convolution("conv3", out, 1, 1));
  }
}
