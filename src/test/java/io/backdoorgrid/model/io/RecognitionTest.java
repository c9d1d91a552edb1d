package io.backdoorgrid.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.TorchThread;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class RecognitionTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final Normalization NORMALIZATION =
      new Normalization(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f});

  /** The images of {@code outside_models.py}. */
  private static float[] logits(Classifier classifier) {
    byte[] pixels = new byte[2 * SHAPE.size()];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) (97 * i);
    }
    try (NDManager scope = classifier.manager().newSubManager()) {
      ByteBuffer buffer = ByteBuffer.allocateDirect(pixels.length).put(pixels).flip();
      return classifier.logits(classifier.input(scope, buffer), false).toFloatArray();
    }
  }

  @ParameterizedTest
  @CsvSource({
    "kuangliu.pth,          resnet18,       1e-5",
    "torchvision-legacy.pt, resnet18,       1e-5",
    "module.pt,             preactresnet18, 1e-5",
    "attack_result.pt,      preactresnet18, 1e-5",
    "half.safetensors,      resnet18,       1e-5",
    "bfloat16.safetensors,  resnet18,       1e-5",
  })
  void computesWhatPyTorchComputes(String name, String network, double tolerance)
      throws IOException {
    ModelFile file = OutsideFiles.read(name);
    Recognition found = Recognition.of(file, Optional.empty());
    assertThat(found.name()).isEqualTo(network);
    assertThat(found.width()).isEqualTo(1);
    assertThat(found.classes()).isEqualTo(3);
    var design =
        new Classifier.Design(
            found.architecture(), SHAPE, 3, NORMALIZATION, Precision.FLOAT32, Device.cpu());
    JsonNode expected =
        new ObjectMapper().readTree(OutsideFiles.path("expected.json").toFile()).get(name);
    try (Classifier classifier = Classifier.load(design, found.weights(file))) {
      float[] actual = logits(classifier);
      for (int i = 0; i < actual.length; i++) {
        assertThat((double) actual[i])
            .isCloseTo(expected.get(i / 3).get(i % 3).asDouble(), within(tolerance));
      }
    }
  }

  private static ModelFile with(ModelFile file, Map<String, StoredTensor> tensors) {
    return new ModelFile(file.container(), tensors, Map.of(), file.calls(), "");
  }

  @Test
  void knowsNamesBehindSeveralWrappersAndOfTrojanZoo() {
    ModelFile file = OutsideFiles.read("torchvision-legacy.pt");
    var wrapped = new LinkedHashMap<String, StoredTensor>();
    file.tensors().forEach((name, tensor) -> wrapped.put("module._orig_mod." + name, tensor));
    wrapped.put("n_averaged", file.tensors().get("bn1.num_batches_tracked"));
    assertThat(Recognition.of(with(file, wrapped), Optional.empty()).names())
        .containsEntry("linear.bias", "module._orig_mod.fc.bias")
        .containsEntry(
            "layer2.0.shortcut.0.weight", "module._orig_mod.layer2.0.downsample.0.weight")
        .hasSize(102);
    var trojanZoo = new LinkedHashMap<String, StoredTensor>();
    file.tensors()
        .forEach(
            (name, tensor) ->
                trojanZoo.put(
                    name.startsWith("fc.") ? "classifier." + name : "features." + name, tensor));
    assertThat(Recognition.of(with(file, trojanZoo), Optional.empty()).name())
        .isEqualTo("resnet18");
  }

  @Test
  void showsWhatDoesNotFit() {
    ModelFile file = OutsideFiles.read("torchvision-legacy.pt");
    var other = new LinkedHashMap<>(file.tensors());
    other.remove("layer3.1.bn2.bias");
    other.put("attention.weight", file.tensors().get("bn1.bias"));
    other.put(
        "conv1.weight", new StoredTensor(NumberType.F32, new long[] {1, 3, 7, 7}, new byte[588]));
    assertThatThrownBy(() -> Recognition.of(with(file, other), Optional.empty()))
        .hasMessage(
            """
            no network of ours; the nearest is resnet18
              missing        1  layer3.1.bn2.bias
              unknown        1  attention.weight
              other shape    1  conv1.weight [1, 3, 7, 7], not [1, 3, 3, 3]""");
    assertThatThrownBy(() -> Recognition.of(OutsideFiles.read("views.pt"), Optional.empty()))
        .hasMessageStartingWith("no network of ours: it has no conv1.weight");
  }

  @Test
  void givesChangedWeightsBackUnderTheFilesNames() {
    ModelFile file = OutsideFiles.read("half.safetensors");
    Recognition found = Recognition.of(file, Optional.empty());
    var stored = found.stored(file, found.weights(file));
    assertThat(stored).hasSize(102);
    stored.forEach(
        (name, tensor) -> assertThat(tensor.data()).isEqualTo(file.tensors().get(name).data()));
  }

  /** Of which a name may have a million. */
  @Test
  void stripsFewWrappersAndThenGivesUp() {
    ModelFile file = OutsideFiles.read("torchvision-legacy.pt");
    StoredTensor tensor = file.tensors().get("conv1.weight");
    String name = "module.".repeat(1_000_000) + "conv1.weight";
    assertThatThrownBy(() -> Recognition.of(with(file, Map.of(name, tensor)), Optional.empty()))
        .hasMessageStartingWith("no network of ours: it has no conv1.weight")
        .message()
        .hasSizeLessThan(200);
  }
}
