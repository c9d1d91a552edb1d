package io.backdoorgrid.model.net;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.LayerSpec.BatchNorm;
import io.backdoorgrid.model.net.LayerSpec.Block;
import io.backdoorgrid.model.net.LayerSpec.Convolution;
import io.backdoorgrid.model.net.LayerSpec.FullyConnected;
import io.backdoorgrid.model.net.LayerSpec.GlobalAveragePool;
import io.backdoorgrid.model.net.LayerSpec.Relu;
import io.backdoorgrid.model.net.LayerSpec.Residual;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What a network computes from its description, as a whole and layer by layer. */
@ExtendWith(TorchThread.class)
class NetworkTest {

  private static final LabeledImages IMAGES = ToyImages.random(new ImageShape(16, 16, 3), 10, 4, 3);

  private static final Offset<Float> TOLERANCE = within(1e-3f); // batch-norm adds 1e-5 to 1

  /**
   * One pixel x, one channel: {@code block = max(z - 3 z + 1, 0)} with {@code z = 2 x}, then {@code
   * 10 block} and {@code 7 - block}.
   */
  private static final Architecture BY_HAND =
      classes ->
          List.of(
              new Convolution("stem", 1, 1, 1),
              new Block(
                  "block",
                  List.of(
                      new Residual(
                          "sum",
                          List.of(new Convolution("conv", 1, 1, 1), new BatchNorm("norm")),
                          List.of()),
                      new Relu("relu"))),
              new GlobalAveragePool("pool"),
              new FullyConnected("head", classes));

  private static final List<String> LAYERS =
      List.of("stem", "block.conv", "block.norm", "block.sum", "block.relu", "block", "pool");

  /** Of pixel -1 and of pixel 1, in the order of the layers. */
  private static final float[][] OUTPUTS = {
    {-2, 2}, {6, -6}, {7, -5}, {5, -3}, {5, 0}, {5, 0}, {5, 0}
  };

  private static Classifier byHand() {
    var tensors = new LinkedHashMap<String, Tensor>();
    tensors.put("stem.weight", new Tensor(new long[] {1, 1, 1, 1}, new float[] {2}));
    tensors.put("block.conv.weight", new Tensor(new long[] {1, 1, 1, 1}, new float[] {-3}));
    tensors.put("block.norm.weight", new Tensor(new long[] {1}, new float[] {1}));
    tensors.put("block.norm.bias", new Tensor(new long[] {1}, new float[] {1}));
    tensors.put("block.norm.running_mean", new Tensor(new long[] {1}, new float[] {0}));
    tensors.put("block.norm.running_var", new Tensor(new long[] {1}, new float[] {1}));
    tensors.put("head.weight", new Tensor(new long[] {2, 1}, new float[] {10, -1}));
    tensors.put("head.bias", new Tensor(new long[] {2}, new float[] {0, 7}));
    var design = Classifiers.design(BY_HAND, new ImageShape(1, 1, 1), 2, Precision.FLOAT32);
    return Classifier.load(design, new SafeTensors(tensors));
  }

  /** Two images, of pixel -1 and of pixel 1. */
  private static NDArray pixels(Classifier classifier) {
    return classifier.manager().create(new float[] {-1, 1}, new Shape(2, 1, 1, 1));
  }

  @Test
  void computesLogitsAsItsDescriptionSays() {
    try (Classifier classifier = byHand()) {
      assertThat(classifier.logits(pixels(classifier), false).toFloatArray())
          .containsExactly(new float[] {50, 2, 0, 7}, TOLERANCE);
    }
  }

  @Test
  void givesTheOutputsOfAllLayersInOnePass() {
    try (Classifier classifier = byHand()) {
      Map<String, NDArray> outputs = classifier.outputs(LAYERS, pixels(classifier), false);
      assertThat(outputs.keySet()).containsExactlyElementsOf(LAYERS);
      for (int i = 0; i < LAYERS.size(); i++) {
        assertThat(outputs.get(LAYERS.get(i)).toFloatArray())
            .as(LAYERS.get(i))
            .containsExactly(OUTPUTS[i], TOLERANCE);
      }
    }
  }

  /** Here as many layers as possible are computed together. */
  @Test
  void givesTheOutputOfEachLayerAlone() {
    try (Classifier classifier = byHand()) {
      for (int i = 0; i < LAYERS.size(); i++) {
        String layer = LAYERS.get(i);
        assertThat(
                classifier
                    .outputs(List.of(layer), pixels(classifier), false)
                    .get(layer)
                    .toFloatArray())
            .as(layer)
            .containsExactly(OUTPUTS[i], TOLERANCE);
      }
    }
  }

  /** {@code block = s x + w s x + 1} of stem s = 2, kernel w = -3, pixel x = -1. */
  @Test
  void outputsAreDifferentiable() {
    try (Classifier classifier = byHand()) {
      NDArray pixel = classifier.manager().create(new float[] {-1}, new Shape(1, 1, 1, 1));
      NDArray sum =
          Torch.recording(
              () -> classifier.outputs(List.of("block"), pixel, false).get("block").sum());
      List<NDArray> kernels =
          classifier.units().stream().map(unit -> unit.conv().weight()).toList();
      assertThat(Ops.gradients(sum, kernels))
          .extracting(NDArray::getFloat)
          .satisfiesExactly(
              stem -> assertThat(stem).isCloseTo(-1 + 3, TOLERANCE),
              conv -> assertThat(conv).isCloseTo(-2, TOLERANCE));
    }
  }

  /** Six convolutions are on the way; the shortcut of the same block is not. */
  @Test
  void computesNothingThatTheOutputsDoNotDependOn() {
    try (Classifier classifier = fresh(new ResNet18(4))) {
      var computed = new ArrayList<String>();
      for (ConvUnit unit : classifier.units()) {
        unit.observe(input -> computed.add(unit.name()));
      }
      classifier.outputs(List.of("layer1.0", "layer2.0.bn1"), input(classifier), false);
      assertThat(computed)
          .containsExactly(
              "conv1",
              "layer1.0.conv1",
              "layer1.0.conv2",
              "layer1.1.conv1",
              "layer1.1.conv2",
              "layer2.0.conv1");
    }
  }

  /** Outputs of blocks interrupt nothing that is computed together. */
  @ParameterizedTest
  @EnumSource
  void logitsBesideOutputsOfBlocksAreTheSameToTheBit(Precision precision) {
    var design = Classifiers.design(new ResNet18(4), IMAGES.shape(), IMAGES.classes(), precision);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      NDArray input = input(classifier);
      Map<String, NDArray> outputs =
          classifier.outputs(List.of("layer3", "layer4", "avgpool", "linear"), input, false);
      assertThat(outputs.get("linear").toFloatArray())
          .isEqualTo(classifier.logits(input, false).toFloatArray());
      assertThat(outputs.get("layer3").getShape()).isEqualTo(new Shape(4, 16, 4, 4));
      assertThat(outputs.get("avgpool").getShape()).isEqualTo(new Shape(4, 32));
    }
  }

  /** While training, nothing is folded: layers on their own give what they give together. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void layersOneByOneGiveTheSameLogits(boolean preActivated) {
    try (Classifier classifier = fresh(preActivated ? new PreActResNet18(4) : new ResNet18(4))) {
      NDArray input = input(classifier);
      List<String> all =
          new Graph(classifier.design().architecture().layers(10), IMAGES.shape())
              .operations().stream().map(Operation::name).toList();
      for (boolean training : new boolean[] {true, false}) {
        float[] together = classifier.logits(input, training).toFloatArray();
        float[] oneByOne = classifier.outputs(all, input, training).get("linear").toFloatArray();
        assertThat(oneByOne).containsExactly(together, within(training ? 0 : 1e-4f));
      }
    }
  }

  @Test
  void refusesToGiveTheOutputOfAnUnknownLayer() {
    try (Classifier classifier = byHand()) {
      assertThatThrownBy(
              () -> classifier.outputs(List.of("stem", "conv"), pixels(classifier), false))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage(
              "the network has no layer 'conv'; its outermost layers are [stem, block, pool, head]");
    }
  }

  @Test
  void refusesADescriptionWithoutAHead() {
    assertThatThrownBy(() -> new Network(List.of(new Relu("relu")), IMAGES.shape()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("a network must end with a fully connected layer, not with 'relu'");
  }

  private static Classifier fresh(Architecture architecture) {
    return Classifiers.fresh(
        Classifiers.design(architecture, IMAGES.shape(), IMAGES.classes(), Precision.FLOAT32),
        "a1");
  }

  private static NDArray input(Classifier classifier) {
    return classifier.input(classifier.manager(), ByteBuffer.wrap(IMAGES.pixels()));
  }
}
