package io.backdoorgrid.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Block;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.model.net.LayerSpec.GlobalAveragePool;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import io.backdoorgrid.model.net.LayerSpec.Residual;
import java.util.List;
import org.junit.jupiter.api.Test;

class GraphTest {

  private static final ImageShape IMAGES = new ImageShape(9, 8, 3);

  /** A stem, a block that halves the edges and projects its input, and a head. */
  private static final Graph GRAPH =
      graph(
          new Convolution("stem", 4, 3, 1),
          new Block(
              "block",
              List.of(
                  new BatchNorm("norm"),
                  new Residual(
                      "sum",
                      List.of(new Relu("relu"), new Convolution("conv", 6, 3, 2)),
                      List.of(new Convolution("shortcut", 6, 1, 2))))),
          new GlobalAveragePool("pool"),
          new FullyConnected("head", 10));

  @Test
  void namesLayersByTheBlocksAroundThem() {
    assertThat(GRAPH.operations())
        .extracting(Operation::name)
        .containsExactly(
            "stem",
            "block.norm",
            "block.relu",
            "block.conv",
            "block.shortcut",
            "block.sum",
            "pool",
            "head");
  }

  @Test
  void bothPathsOfAResidualReadItsInput() {
    int norm = GRAPH.output("block.norm");
    assertThat(GRAPH.readers(norm))
        .extracting(Operation::name)
        .containsExactly("block.relu", "block.shortcut");
    assertThat(GRAPH.source(GRAPH.output("block.sum")).inputs())
        .containsExactly(GRAPH.output("block.conv"), GRAPH.output("block.shortcut"));
  }

  @Test
  void addsTheInputItselfWithoutAShortcut() {
    Graph graph =
        graph(
            new Convolution("stem", 3, 1, 1),
            new Residual("sum", List.of(new Convolution("conv", 3, 3, 1)), List.of()));
    assertThat(graph.source(graph.output("sum")).inputs())
        .containsExactly(graph.output("conv"), graph.output("stem"));
  }

  @Test
  void theOutputOfABlockIsThatOfItsLastLayer() {
    assertThat(GRAPH.output("block")).isEqualTo(GRAPH.output("block.sum"));
  }

  /** Of 9 rows a stride of 2 leaves 5. */
  @Test
  void followsShapesThroughTheNetwork() {
    assertThat(shape("stem")).isEqualTo(new ImageShape(9, 8, 4));
    assertThat(shape("block.relu")).isEqualTo(new ImageShape(9, 8, 4));
    assertThat(shape("block")).isEqualTo(new ImageShape(5, 4, 6));
    assertThat(shape("pool")).isEqualTo(new ImageShape(1, 1, 6));
    assertThat(shape("head")).isEqualTo(new ImageShape(1, 1, 10));
  }

  private static ImageShape shape(String layer) {
    return GRAPH.shape(GRAPH.output(layer));
  }

  @Test
  void followsAChannelToTheLayersThatReadIt() {
    assertThat(consumers("stem")).containsExactly("block.conv", "block.shortcut");
    assertThat(consumers("block.relu")).containsExactly("block.conv");
    assertThat(consumers("block.conv")).containsExactly("head");
    assertThat(consumers("head")).isEmpty();
  }

  private static List<String> consumers(String layer) {
    return GRAPH.consumers(GRAPH.output(layer));
  }

  /** 9 x 8 pixels of 4 channels from 3 by 3x3; 5 x 4 of 6 from 4, by 3x3 and by 1x1. */
  @Test
  void countsTheMultiplicationsOfConvolutions() {
    assertThat(GRAPH.convolutions())
        .extracting(ConvShape::multiplications)
        .containsExactly(72L * 4 * 3 * 9, 20L * 6 * 4 * 9, 20L * 6 * 4);
  }

  @Test
  void refusesPathsOfDifferentShapes() {
    var residual = new Residual("sum", List.of(new Convolution("conv", 5, 3, 2)), List.of());
    assertRefused(
        "'block.sum' cannot add the main path's 5x4x5 and the shortcut's 9x8x3",
        new Block("block", List.of(residual)));
  }

  @Test
  void refusesTwoLayersOfOneName() {
    assertRefused(
        "two layers are called 'block.relu'",
        new Block("block", List.of(new Relu("relu"), new Relu("relu"))));
  }

  @Test
  void refusesUnknownNames() {
    assertThatThrownBy(() -> GRAPH.output("conv"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "the network has no layer 'conv'; its outermost layers are [stem, block, pool, head]");
  }

  private static void assertRefused(String message, LayerSpec... layers) {
    assertThatThrownBy(() -> graph(layers))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  private static Graph graph(LayerSpec... layers) {
    return new Graph(List.of(layers), IMAGES);
  }
}
