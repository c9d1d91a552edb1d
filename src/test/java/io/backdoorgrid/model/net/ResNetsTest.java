package io.backdoorgrid.model.net;

import static java.util.stream.Collectors.toMap;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.data.ImageShape;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Parameter names are those of the PyTorch models that the literature shares. */
class ResNetsTest {

  private static final ImageShape CIFAR = new ImageShape(32, 32, 3);

  @Test
  void namesResNet18AsPyTorchDoes() {
    Map<String, String> shapes = shapes(new ResNet18(16));
    // 20 convolutions, 20 batch-norms of 4, the head's 2.
    assertThat(shapes).hasSize(20 + 20 * 4 + 2);
    assertThat(shapes)
        .contains(
            entry("conv1.weight", "(16, 3, 3, 3)"),
            entry("bn1.weight", "(16)"),
            entry("bn1.bias", "(16)"),
            entry("bn1.running_mean", "(16)"),
            entry("bn1.running_var", "(16)"),
            entry("layer1.0.conv1.weight", "(16, 16, 3, 3)"),
            entry("layer1.0.bn1.weight", "(16)"),
            entry("layer1.0.bn1.bias", "(16)"),
            entry("layer1.0.bn1.running_mean", "(16)"),
            entry("layer1.0.bn1.running_var", "(16)"),
            entry("layer1.0.conv2.weight", "(16, 16, 3, 3)"),
            entry("layer1.0.bn2.weight", "(16)"),
            entry("layer1.0.bn2.bias", "(16)"),
            entry("layer1.0.bn2.running_mean", "(16)"),
            entry("layer1.0.bn2.running_var", "(16)"),
            entry("layer2.0.conv1.weight", "(32, 16, 3, 3)"),
            entry("layer2.0.shortcut.0.weight", "(32, 16, 1, 1)"),
            entry("layer2.0.shortcut.1.running_var", "(32)"),
            entry("layer4.1.conv2.weight", "(128, 128, 3, 3)"),
            entry("linear.weight", "(10, 128)"),
            entry("linear.bias", "(10)"));
    assertThat(shapes)
        .doesNotContainKeys("layer1.0.shortcut.0.weight", "layer2.1.shortcut.0.weight");
  }

  @Test
  void namesPreActResNet18AsBackdoorBenchDoes() {
    Map<String, String> shapes = shapes(new PreActResNet18(16));
    // 20 convolutions, 16 batch-norms of 4 (none at the stem and the shortcuts), the head's 2.
    assertThat(shapes).hasSize(20 + 16 * 4 + 2);
    assertThat(shapes)
        .contains(
            entry("conv1.weight", "(16, 3, 3, 3)"),
            entry("layer1.0.bn1.weight", "(16)"),
            entry("layer1.0.bn1.bias", "(16)"),
            entry("layer1.0.bn1.running_mean", "(16)"),
            entry("layer1.0.bn1.running_var", "(16)"),
            entry("layer1.0.conv1.weight", "(16, 16, 3, 3)"),
            entry("layer1.0.bn2.weight", "(16)"),
            entry("layer1.0.bn2.bias", "(16)"),
            entry("layer1.0.bn2.running_mean", "(16)"),
            entry("layer1.0.bn2.running_var", "(16)"),
            entry("layer1.0.conv2.weight", "(16, 16, 3, 3)"),
            entry("layer2.0.bn1.weight", "(16)"),
            entry("layer2.0.bn2.weight", "(32)"),
            entry("layer2.0.shortcut.0.weight", "(32, 16, 1, 1)"),
            entry("linear.weight", "(10, 128)"),
            entry("linear.bias", "(10)"));
    assertThat(shapes).doesNotContainKeys("bn1.weight", "layer2.0.shortcut.1.weight", "bn.weight");
  }

  /** Fresh weights are drawn in this order. */
  @Test
  void ordersParametersAsPyTorchDoes() {
    assertThat(layersOf("layer2.0.", new ResNet18(16)))
        .containsExactly("conv1", "bn1", "conv2", "bn2", "shortcut.0", "shortcut.1");
    assertThat(layersOf("layer2.0.", new PreActResNet18(16)))
        .containsExactly("bn1", "conv1", "bn2", "conv2", "shortcut.0");
    assertThat(layersOf("", new ResNet18(16)))
        .startsWith("conv1", "bn1", "layer1.0.conv1", "layer1.0.bn1")
        .endsWith("layer4.1.conv2", "layer4.1.bn2", "linear");
  }

  /** The layers that have weights, in the order of these, without the prefix. */
  private static List<String> layersOf(String prefix, Architecture architecture) {
    return shapes(architecture).keySet().stream()
        .filter(name -> name.startsWith(prefix))
        .map(name -> name.substring(prefix.length(), name.lastIndexOf('.')))
        .distinct()
        .toList();
  }

  /** The numbers that everyone reports for CIFAR-10. */
  @ParameterizedTest
  @CsvSource({"18, 11173962, 11171146", "34, 21282122, 21279306", "50, 23520842, 23509066"})
  void hasAsManyTrainableParametersAsReported(int depth, long resnet, long preActivated) {
    assertThat(trainable(classes -> ResNet.layers(depth, 64, classes))).isEqualTo(resnet);
    assertThat(trainable(classes -> PreActResNet.layers(depth, 64, classes)))
        .isEqualTo(preActivated);
  }

  @Test
  void differsFromThePreActivatedOneByItsBatchNorms() {
    // It lacks 64 at the stem and 128 + 256 + 512 at the shortcuts; where a stage begins, the first
    // normalizes the narrower input, which is 64 + 128 + 256 less.
    long channels = 64 + 128 + 256 + 512 + 64 + 128 + 256;
    assertThat(trainable(new PreActResNet18())).isEqualTo(11_173_962 - 2 * channels);
  }

  @Test
  void pairsEveryConvolutionOfResNet18WithABatchNorm() {
    List<ConvUnit> units = units(new ResNet18(16));
    assertThat(units).extracting(ConvUnit::name).hasSize(20).startsWith("conv1", "layer1.0.conv1");
    assertThat(units).allMatch(unit -> unit.norm().isPresent());
  }

  @Test
  void pairsOnlyTheFirstConvolutionOfAPreActivatedBlock() {
    List<ConvUnit> units = units(new PreActResNet18(16));
    assertThat(units).hasSize(20);
    assertThat(units.stream().filter(unit -> unit.norm().isPresent()).map(ConvUnit::name))
        .containsExactly(
            "layer1.0.conv1",
            "layer1.1.conv1",
            "layer2.0.conv1",
            "layer2.1.conv1",
            "layer3.0.conv1",
            "layer3.1.conv1",
            "layer4.0.conv1",
            "layer4.1.conv1");
  }

  /** At a block that widens, bn1 has the old width, bn2, which follows conv1, the new one. */
  @Test
  void pairsThatConvolutionWithTheSecondBatchNorm() {
    Network network = new PreActResNet18(16).build(CIFAR, 10);
    var parameters = network.namedParameters();
    for (ConvUnit unit : network.units()) {
      unit.norm()
          .ifPresent(
              norm ->
                  assertThat(norm.namedParameters().get("weight"))
                      .isSameAs(parameters.get(unit.name().replace("conv1", "bn2.weight"))));
    }
  }

  @Test
  void knowsWhoReadsAConvolution() {
    Map<String, List<String>> readers = readers(new ResNet18(16));
    assertThat(readers.get("layer1.0.conv1")).containsExactly("layer1.0.conv2");
    // The stem's channels pass through the identity shortcuts of the first stage.
    assertThat(readers.get("conv1"))
        .containsExactly(
            "layer1.0.conv1", "layer1.1.conv1", "layer2.0.conv1", "layer2.0.shortcut.0");
    assertThat(readers.get("layer1.1.conv2"))
        .containsExactly("layer2.0.conv1", "layer2.0.shortcut.0");
    assertThat(readers.get("layer3.0.shortcut.0"))
        .containsExactly("layer3.1.conv1", "layer4.0.conv1", "layer4.0.shortcut.0");
    assertThat(readers.get("layer4.1.conv2")).containsExactly("linear");
    assertThat(readers(new PreActResNet18(16))).isEqualTo(readers);
  }

  @Test
  void projectsInTheFirstStageWhereBottlenecksWiden() {
    Architecture resnet = classes -> ResNet.layers(50, 16, classes);
    assertThat(shapes(resnet))
        .contains(
            entry("layer1.0.conv1.weight", "(16, 16, 1, 1)"),
            entry("layer1.0.conv2.weight", "(16, 16, 3, 3)"),
            entry("layer1.0.conv3.weight", "(64, 16, 1, 1)"),
            entry("layer1.0.shortcut.0.weight", "(64, 16, 1, 1)"),
            entry("layer1.1.conv1.weight", "(16, 64, 1, 1)"),
            entry("layer4.2.bn3.weight", "(512)"),
            entry("linear.weight", "(10, 512)"))
        .doesNotContainKeys("layer1.1.shortcut.0.weight", "layer4.3.conv1.weight");
    assertThat(readers(resnet).get("layer1.0.conv3"))
        .containsExactly(
            "layer1.1.conv1", "layer1.2.conv1", "layer2.0.conv1", "layer2.0.shortcut.0");
  }

  /** With a projection, nothing but the first batch norm reads the stem. */
  @Test
  void pairsTheStemOfAPreActivatedNetworkWithABatchNormIfNoShortcutCarriesItOn() {
    assertThat(units(classes -> PreActResNet.layers(50, 16, classes)).stream())
        .filteredOn(unit -> unit.norm().isPresent())
        .extracting(ConvUnit::name)
        .startsWith("conv1", "layer1.0.conv1", "layer1.0.conv2", "layer1.1.conv1")
        .hasSize(1 + 2 * 16);
  }

  /**
   * On 32x32 pixels 1.8 million for the stem, 4 * 1024 * 9 * 64 * 64 = 151.0 for the first stage,
   * 134.2 for each of the others; a quarter of the pixels takes a quarter of that.
   */
  @Test
  void estimatesTheWorkOfAForwardPass() {
    assertThat(new ResNet18().gigaMultiplications(CIFAR)).isCloseTo(0.5554, within(0.0001));
    assertThat(new ResNet18().gigaMultiplications(new ImageShape(16, 16, 3)))
        .isCloseTo(0.5554 / 4, within(0.0001));
  }

  /** Nearly all of PyTorch's 11,173,962 parameters; the rest are batch-norms and the head. */
  @Test
  void countsTheWeightsOfConvolutions() {
    assertThat(new ResNet18().convolutionWeights(CIFAR)).isEqualTo(11_159_232);
  }

  /** To the last digit: a plan's order of trials depends on them. */
  @Test
  void estimatesTheSameWorkAsEver() {
    assertThat(new ResNet18().gigaMultiplications(CIFAR)).isEqualTo(0.5554176);
    assertThat(new ResNet18(16).gigaMultiplications(CIFAR)).isEqualTo(0.035045376);
    assertThat(new PreActResNet18(7).gigaMultiplications(CIFAR)).isEqualTo(0.006816768);
  }

  @ParameterizedTest
  @CsvSource({"34, 1.159", "50, 1.298"})
  void estimatesTheWorkOfDeeperNetworks(int depth, double expected) {
    Architecture resnet = classes -> ResNet.layers(depth, 64, classes);
    assertThat(resnet.gigaMultiplications(CIFAR)).isCloseTo(expected, within(0.0005));
  }

  @Test
  void refusesAnImpossibleWidth() {
    assertThatThrownBy(() -> new ResNet18(0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width must be from 1 to 256, got 0");
    assertThatThrownBy(() -> new PreActResNet18(257))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("width must be from 1 to 256, got 257");
  }

  @Test
  void refusesAnUnknownDepth() {
    assertThatThrownBy(() -> ResNet.layers(19, 64, 10))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("depth must be 18, 34 or 50, got 19");
  }

  private static Map<String, String> shapes(Architecture architecture) {
    var shapes = new LinkedHashMap<String, String>();
    architecture
        .build(CIFAR, 10)
        .namedParameters()
        .forEach((name, parameter) -> shapes.put(name, parameter.getShape().toString()));
    return shapes;
  }

  private static long trainable(Architecture architecture) {
    return architecture.build(CIFAR, 10).namedParameters().values().stream()
        .filter(parameter -> parameter.requiresGradient())
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }

  private static List<ConvUnit> units(Architecture architecture) {
    return architecture.build(CIFAR, 10).units();
  }

  private static Map<String, List<String>> readers(Architecture architecture) {
    return units(architecture).stream().collect(toMap(ConvUnit::name, ConvUnit::consumers));
  }
}
