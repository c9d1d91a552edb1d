package io.backdoorgrid.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.model.io.ModelFile.Container;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ModelFileTest {

  @TempDir Path folder;

  private static float[] floats(ModelFile file, String name) {
    return file.tensors().get(name).floats();
  }

  @Test
  void looksAtSharedNumbersAsPyTorchDoes() {
    ModelFile file = OutsideFiles.read("views.pt");
    assertThat(file.container()).isEqualTo(Container.PYTORCH);
    assertThat(file.calls()).isEmpty();
    StoredTensor transposed = file.tensors().get("transposed");
    assertThat(transposed.shape()).containsExactly(4, 3);
    assertThat(transposed.floats()).containsExactly(0, 4, 8, 1, 5, 9, 2, 6, 10, 3, 7, 11);
    assertThat(floats(file, "slice")).containsExactly(5, 6, 7, 8);
    assertThat(floats(file, "every-other")).containsExactly(0, 2, 4, 6, 8, 10);
    assertThat(floats(file, "one-for-all")).containsExactly(7.5f, 7.5f, 7.5f);
    assertThat(file.tensors().get("scalar").shape()).isEmpty();
    assertThat(floats(file, "scalar")).containsExactly(2.5f);
    assertThat(file.tensors().get("empty").shape()).containsExactly(0, 4);
    assertThat(floats(file, "half"))
        .containsExactly(0.099975586f, -65504, 0x1p-24f, Float.POSITIVE_INFINITY);
    assertThat(floats(file, "bfloat16")).containsExactly(0.100097656f, -3.0040553E38f);
    assertThat(floats(file, "double")).containsExactly(0.1f);
    assertThat(floats(file, "long")).containsExactly(-3, 1L << 40);
    assertThat(floats(file, "bytes")).containsExactly(0, 255);
    assertThat(floats(file, "bool")).containsExactly(1, 0);
    assertThat(floats(file, "parameter")).containsExactly(1.5f);
  }

  @Test
  void findsTheWeightsWithinWhatToolsSave() {
    ModelFile kuangliu = OutsideFiles.read("kuangliu.pth");
    assertThat(kuangliu.key()).isEqualTo("net");
    assertThat(kuangliu.tensors()).hasSize(122).containsKey("module.layer4.1.bn2.running_var");
    ModelFile bench = OutsideFiles.read("attack_result.pt");
    assertThat(bench.key()).isEqualTo("model");
    assertThat(bench.tensors()).containsKey("layer2.0.shortcut.0.weight");
    assertThat(bench.calls()).isEmpty();
    assertThat(OutsideFiles.read("torchvision-legacy.pt").container())
        .isEqualTo(Container.LEGACY_PYTORCH);
  }

  /** Its names are those of its state_dict; its classes are named, and none is made. */
  @Test
  void flattensWholeModules() {
    ModelFile module = OutsideFiles.read("module.pt");
    assertThat(module.tensors().keySet())
        .containsExactlyInAnyOrderElementsOf(
            OutsideFiles.read("attack_result.pt").tensors().keySet());
    assertThat(module.calls())
        .contains(
            "models.resnet.ResNet", "models.resnet.PreActBlock", "torch.nn.modules.conv.Conv2d");
    ModelFile script = OutsideFiles.read("script.pt");
    assertThat(script.container()).isEqualTo(Container.TORCHSCRIPT);
    assertThat(script.tensors().keySet())
        .contains("0.weight", "0.bias", "1.weight", "1.running_mean");
  }

  @Test
  void saysWhatALoadedFileWouldCall() {
    ModelFile evil = OutsideFiles.read("evil.pt");
    assertThat(evil.calls()).containsExactly("posix.system");
    assertThat(evil.tensors().keySet()).containsExactly("conv1.weight");
  }

  @Test
  void readsNumbersInAnyOrderAndKeepsMetadata() {
    ModelFile half = OutsideFiles.read("half.safetensors");
    assertThat(half.metadata()).isEqualTo(Map.of("format", "pt", "author", "somebody"));
    assertThat(half.tensors().get("conv1.weight").type()).isEqualTo(NumberType.F16);
    assertThat(half.tensors().get("bn1.num_batches_tracked").type()).isEqualTo(NumberType.I64);
    assertThat(floats(half, "bn1.num_batches_tracked")).containsExactly(7);
  }

  /** What did not change keeps its bits, and what did is rounded to the file's own type. */
  @ParameterizedTest
  @CsvSource({
    "half.safetensors,       bn1.bias",
    "bfloat16.safetensors,   bn1.bias",
    "kuangliu.pth,           module.bn1.bias",
    "torchvision-legacy.pt,  bn1.bias",
    "module.pt,              layer1.0.bn1.bias",
  })
  void writesWhatItRead(String name, String changed) throws IOException {
    ModelFile file = OutsideFiles.read(name);
    StoredTensor tensor = file.tensors().get(changed);
    Path written = folder.resolve("written");
    Files.write(
        written, file.with(Map.of(changed, tensor.with(new float[] {0.3f})), Map.of("by", "us")));
    ModelFile again = ModelFile.read(written, Optional.empty());
    assertThat(again.key()).isEqualTo(file.key());
    assertThat(again.tensors().keySet()).containsExactlyElementsOf(file.tensors().keySet());
    file.tensors()
        .forEach(
            (each, before) -> {
              StoredTensor after = again.tensors().get(each);
              assertThat(after.type()).isEqualTo(before.type());
              assertThat(after.shape()).isEqualTo(before.shape());
              if (!each.equals(changed)) {
                assertThat(after.data()).as(each).isEqualTo(before.data());
              }
            });
    float tolerance = tensor.type() == NumberType.F32 ? 0 : 0.002f;
    assertThat(floats(again, changed)[0]).isBetween(0.3f - tolerance, 0.3f + tolerance);
    if (file.container() == Container.SAFETENSORS) {
      assertThat(again.metadata()).containsAllEntriesOf(file.metadata()).containsEntry("by", "us");
    }
  }

  private Path file(String header, int dataBytes) throws IOException {
    byte[] json = header.getBytes(StandardCharsets.UTF_8);
    ByteBuffer file =
        ByteBuffer.allocate(8 + json.length + dataBytes)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(json.length)
            .put(json);
    return Files.write(folder.resolve("model.safetensors"), file.array());
  }

  private static String tensor(String dtype, String shape, long begin, long end) {
    return "{\"dtype\":\"%s\",\"shape\":%s,\"data_offsets\":[%d,%d]}"
        .formatted(dtype, shape, begin, end);
  }

  @Test
  void readsAModelInSeveralFiles() throws IOException {
    Path first = file("{\"a\":" + tensor("F32", "[1]", 0, 4) + "}", 4);
    Files.move(first, folder.resolve("model-1.safetensors"));
    Path second = file("{\"b\":" + tensor("F32", "[2]", 0, 8) + "}", 8);
    Files.move(second, folder.resolve("model-2.safetensors"));
    Path index = folder.resolve("model.safetensors.index.json");
    Files.writeString(
        index,
        "{\"metadata\":{},\"weight_map\":{\"a\":\"model-1.safetensors\",\"b\":\"model-2.safetensors\"}}");
    assertThat(ModelFile.read(index, Optional.empty()).tensors().keySet())
        .containsExactly("a", "b");
    for (String name : List.of("../secret", "/etc/passwd", "a/b", "", ".")) {
      Files.writeString(index, "{\"weight_map\":{\"a\":\"%s\"}}".formatted(name));
      assertThatThrownBy(() -> ModelFile.read(index, Optional.empty()))
          .hasMessage("%s: the index names '%s', which is no file beside it", index, name);
    }
  }

  @Test
  void asksWhichOfSeveralWeightsAreMeant() throws IOException {
    ModelFile file = OutsideFiles.read("views.pt");
    var tensors = Map.of("w", file.tensors().get("slice"));
    // A dictionary with two state_dicts: the second is appended to the first one's pickle.
    byte[] one = TorchPickle.of(tensors, "model");
    byte[] two = TorchPickle.of(tensors, "net");
    ByteBuffer both = ByteBuffer.allocate(one.length + two.length);
    both.put(one, 0, one.length - 1); // without STOP
    both.put(two, 3, two.length - 3); // without PROTO and EMPTY_DICT
    Object root =
        Pickle.read(
            both.flip(), new TorchObjects(storage -> storage), new java.util.LinkedHashSet<>());
    assertThatThrownBy(() -> StateDict.find(root, Optional.empty()))
        .hasMessage("there are weights under model and net; --weights says which");
    assertThat(StateDict.find(root, Optional.of("net")).key()).isEqualTo("net");
    assertThatThrownBy(() -> StateDict.find(root, Optional.of("ema")))
        .hasMessage("there is nothing under 'ema': the file has model, net");
  }

  /** All finite halves, there and back; and the nearest ones of numbers between them. */
  @Test
  void convertsHalvesExactly() {
    for (int bits = 0; bits < 1 << 16; bits++) {
      float value = NumberType.halfToFloat((short) bits);
      if (!Float.isNaN(value)) {
        assertThat(NumberType.floatToHalf(value)).isEqualTo((short) bits);
      }
      float brain = Float.intBitsToFloat(bits << 16);
      if (!Float.isNaN(brain)) {
        assertThat(NumberType.floatToBfloat16(brain)).isEqualTo((short) bits);
      }
    }
    assertThat(NumberType.halfToFloat(NumberType.floatToHalf(1 + 0x1p-11f))).isEqualTo(1);
    assertThat(NumberType.halfToFloat(NumberType.floatToHalf(1 + 0x1.8p-10f)))
        .isEqualTo(1 + 0x1p-9f);
    assertThat(NumberType.halfToFloat(NumberType.floatToHalf(65519))).isEqualTo(65504);
    assertThat(NumberType.halfToFloat(NumberType.floatToHalf(65520))).isInfinite();
    assertThat(NumberType.halfToFloat(NumberType.floatToHalf(Float.NaN))).isNaN();
    List<Short> ties = new ArrayList<>();
    ties.add(NumberType.floatToBfloat16(Float.intBitsToFloat(0x3f808000)));
    ties.add(NumberType.floatToBfloat16(Float.intBitsToFloat(0x3f818000)));
    assertThat(ties).containsExactly((short) 0x3f80, (short) 0x3f82);
  }
}
