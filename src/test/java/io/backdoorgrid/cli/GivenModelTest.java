package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.model.io.ModelFile;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Commands on networks from outside, with the small ones that PyTorch wrote: of three classes. */
class GivenModelTest {

  @TempDir Path folder;

  private static String model(String name) throws URISyntaxException {
    return Path.of(ModelFile.class.getResource(name).toURI()).toString();
  }

  /** Three classes of eight pictures of 8 x 8 pixels, of one colour each. */
  private String images() throws IOException {
    Path images = folder.resolve("images");
    for (int label = 0; label < 3; label++) {
      Path of = Files.createDirectories(images.resolve("class" + label));
      for (int i = 0; i < 8; i++) {
        var image = new BufferedImage(8, 8, BufferedImage.TYPE_INT_RGB);
        for (int pixel = 0; pixel < 64; pixel++) {
          image.setRGB(pixel % 8, pixel / 8, (0xff << 8 * label) - 4 * i * (1 << 8 * label));
        }
        ImageIO.write(image, "png", of.resolve(i + ".png").toFile());
      }
    }
    return images.toString();
  }

  private static Ended run(String... arguments) {
    return CommandLineFixture.run(arguments);
  }

  private Ended inspectOnImages(Path json, String option, String value) throws Exception {
    return run(
        "inspect",
        model("kuangliu.pth"),
        "--images",
        images(),
        "--size",
        "8",
        "--json",
        json.toString(),
        option,
        value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"kuangliu.pth", "torchvision-legacy.pt", "attack_result.pt", "half.safetensors"})
  void inspectTellsWhatWeightsTell(String name) throws Exception {
    Ended ended = run("inspect", model(name));
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .contains("of width 1, 3 classes", "channels stand out", "the last layer favors class ")
        .contains("Not tested: any trigger that was not given.")
        .doesNotContain("ACC", "pickle");
  }

  @Test
  void inspectOnImagesChoosesTheNormalizationAndSaysSo() throws Exception {
    Path json = folder.resolve("report.json");
    Ended ended = inspectOnImages(json, "--trigger", "badnets: {size: 2}");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("24 images of 8x8x3, normalized as ")
        .contains(", with which the model does best: cifar10 ")
        .containsPattern("ACC +\\d+\\.\\d \\(95 % between ")
        .containsPattern("ASR +\\d+\\.\\d \\(95 % between ");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.at("/format").asInt()).isEqualTo(1);
    assertThat(report.at("/file/container").asText()).isEqualTo("PyTorch");
    assertThat(report.at("/architecture/name").asText()).isEqualTo("resnet18");
    assertThat(report.at("/clean/images").asInt()).isEqualTo(24);
    assertThat(report.at("/trigger/asr/images").asInt())
        .as("not those of the target")
        .isEqualTo(16);
    assertThat(report.at("/images/tried")).hasSize(5);
    assertThat(report.at("/outliers")).hasSize(2);
  }

  @Test
  void withoutATriggerTheSuccessRateIsUnknown() throws Exception {
    Path json = folder.resolve("report.json");
    Ended ended = inspectOnImages(json, "--normalization", "half");
    assertThat(ended.out())
        .contains("normalized as half\n")
        .containsPattern("ASR +unknown: no trigger given");
    JsonNode report = new ObjectMapper().readTree(json.toFile());
    assertThat(report.has("trigger")).isTrue();
    assertThat(report.get("trigger").isNull()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "dbr: {learn-epochs: 1, part-epochs: 0, clean-share: 0.8, epochs: 1, batch: 4}",
        "abl: {isolation-epochs: 1, isolated: 0.1, tune-epochs: 1, batch: 4}"
      })
  void repairsWithTheTrainingImages(String defense) throws Exception {
    Path written = folder.resolve("repaired");
    Ended ended =
        run(
            "defend",
            model("kuangliu.pth"),
            "--defense",
            defense,
            "--training",
            images(),
            "--size",
            "8",
            "--output",
            written.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    ModelFile before = ModelFile.read(Path.of(model("kuangliu.pth")), Optional.empty());
    ModelFile after = ModelFile.read(written, Optional.empty());
    assertThat(after.tensors().keySet()).containsExactlyElementsOf(before.tensors().keySet());
    assertThat(after.tensors()).isNotEqualTo(before.tensors());
  }

  @Test
  void reversedTriggersAreShownByClass() throws Exception {
    Path json = folder.resolve("report.json");
    Ended ended =
        inspectOnImages(json, "--reverse-triggers", folder.resolve("triggers").toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .containsPattern("nc +(no class|class \\d)")
        .contains("pixels by class ");
    JsonNode reversed = new ObjectMapper().readTree(json.toFile()).get("reversed_triggers");
    assertThat(reversed).hasSize(3);
    assertThat(reversed.get(0).get("pixels").asDouble()).isBetween(0.0, 64.0);
    Ended refused = run("inspect", model("kuangliu.pth"), "--reverse-triggers", "anywhere");
    assertThat(refused.exitCode()).isEqualTo(2);
    assertThat(refused.err()).contains("--reverse-triggers needs clean images (--images)");
  }

  @Test
  void endsWithThreeOnlyWhereItIsAsked() throws Exception {
    assertThat(run("inspect", model("module.pt")).exitCode()).isZero();
    Ended failed = run("inspect", model("module.pt"), "--fail-on", "pickle");
    assertThat(failed.exitCode()).isEqualTo(3);
    assertThat(failed.out()).contains("loading it in PyTorch would call ", "models.resnet");
    assertThat(run("inspect", model("kuangliu.pth"), "--fail-on", "pickle").exitCode()).isZero();
  }

  @Test
  void comparesWithAReference() throws Exception {
    Ended ended =
        run("inspect", model("kuangliu.pth"), "--reference", model("torchvision-legacy.pt"));
    assertThat(ended.out()).contains("channels stand out; of the reference ");
    Ended other = run("inspect", model("kuangliu.pth"), "--reference", model("module.pt"));
    assertThat(other.exitCode()).isEqualTo(2);
    assertThat(other.err())
        .contains("is a preactresnet18 of width 1, the model a resnet18 of width 1");
  }

  @ParameterizedTest
  @ValueSource(strings = {"kuangliu.pth", "torchvision-legacy.pt", "bfloat16.safetensors"})
  void defendWritesTheFileAsItCame(String name) throws Exception {
    Path written = folder.resolve("repaired");
    Ended ended =
        run("defend", model(name), "--defense", "clp: {u: -1}", "--output", written.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("Not tested: whether a backdoor is gone; no trigger was given.");
    ModelFile before = ModelFile.read(Path.of(model(name)), Optional.empty());
    ModelFile after = ModelFile.read(written, Optional.empty());
    assertThat(after.key()).isEqualTo(before.key());
    assertThat(after.tensors().keySet()).containsExactlyElementsOf(before.tensors().keySet());
    List<String> changed = new ArrayList<>();
    after
        .tensors()
        .forEach(
            (tensor, values) -> {
              assertThat(values.type()).isEqualTo(before.tensors().get(tensor).type());
              if (!Arrays.equals(values.data(), before.tensors().get(tensor).data())) {
                changed.add(tensor);
              }
            });
    assertThat(changed).isNotEmpty().allMatch(tensor -> tensor.matches(".*(weight|bias)"));
    Ended again = run("defend", model(name), "--defense", "clp", "--output", written.toString());
    assertThat(again.exitCode()).isEqualTo(2);
    assertThat(again.err()).contains("is there already, and is not overwritten");
  }

  @Test
  void comparesSeveralDefenses() throws Exception {
    Path written = folder.resolve("repaired");
    Ended ended =
        run(
            "defend",
            model("half.safetensors"),
            "--defense",
            "[clp, {clp: {u: 2}}]",
            "--defense",
            "ft: {epochs: 1, batch: 4}",
            "--images",
            images(),
            "--size",
            "8",
            "--trigger",
            "badnets: {size: 2}",
            "--output",
            written.toString());
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ended.out())
        .contains("as it is", "clp u=2 ", "ft epochs=1 batch=4")
        .contains("Half of the images, 12, were for repairing, the others for measuring.");
    assertThat(written)
        .isDirectoryContaining("glob:**clp.safetensors")
        .isDirectoryContaining("glob:**clp-u=2.safetensors")
        .isDirectoryContaining("glob:**ft-*.safetensors");
  }

  @ParameterizedTest
  @CsvSource({
    "ft,    'ft needs clean images (--images)'",
    "dbr,   'dbr needs all training data of the model'",
    "hid,   'hid needs a trusted feature extractor, which a grid trains'",
    "nosuch, 'nosuch'",
  })
  void defendSaysWhatIsMissing(String defense, String message) throws Exception {
    Ended ended = run("defend", model("kuangliu.pth"), "--defense", defense);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains(message).hasLineCount(1);
  }

  @Test
  void mistakesAreALineEach() throws Exception {
    String images = images();
    for (String[] arguments :
        new String[][] {
          {"inspect", folder.resolve("no.pt").toString()},
          {"inspect", folder.toString()},
          {"inspect", model("views.pt")},
          {"inspect", model("kuangliu.pth"), "--weights", "ema"},
          {"inspect", model("kuangliu.pth"), "--trigger", "badnets"},
          {"inspect", model("kuangliu.pth"), "--images", images, "--size", "4"},
          {"inspect", model("kuangliu.pth"), "--images", images, "--normalization", "mine"},
          {"inspect", model("kuangliu.pth"), "--images", images, "--trigger", "ssba"},
          {
            "inspect",
            model("kuangliu.pth"),
            "--images",
            images,
            "--trigger",
            "badnets: {target: 9}"
          },
          {
            "inspect",
            model("kuangliu.pth"),
            "--images",
            images,
            "--trigger",
            images + "/class0/0.png"
          },
          {"inspect", model("kuangliu.pth"), "--images", "nosuch"},
          {"inspect", model("kuangliu.pth"), "--architecture", "nosuch"},
        }) {
      Ended ended = run(arguments);
      assertThat(ended.exitCode()).as(String.join(" ", arguments) + ended.err()).isEqualTo(2);
      assertThat(ended.err()).as(String.join(" ", arguments)).hasLineCount(1);
    }
  }

  /** Ours go out and come back, with their normalization. */
  @Test
  @Tag("slow")
  void exportedVictimsAreReadAgain() throws Exception {
    Path grid = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    Path out = folder.resolve("out");
    assertThat(CommandLineFixture.run("run", grid, out, "--only", "attack=badnets").exitCode())
        .isZero();
    for (String format : List.of("safetensors", "pt")) {
      Path to = folder.resolve(format);
      Ended ended =
          CommandLineFixture.run(
              "export",
              grid,
              out,
              "--only",
              "attack=badnets",
              "--to",
              to.toString(),
              "--format",
              format);
      assertThat(ended.exitCode()).as(ended.err()).isZero();
      String file = ended.out().strip();
      assertThat(file).endsWith("." + format);
      Ended inspected =
          run("inspect", file, "--images", "shapes: {test-images: 100}", "--trigger", "badnets");
      assertThat(inspected.exitCode()).as(inspected.err()).isZero();
      assertThat(inspected.out())
          .contains("resnet18 of width 4, 10 classes")
          .contains(format.equals("pt") ? "with which the model does best" : "normalized as file");
    }
    Ended missing = CommandLineFixture.run("export", grid, out, "--to", folder.toString());
    assertThat(missing.exitCode()).isEqualTo(1);
    assertThat(missing.err()).contains("run the grid first").hasLineCount(1);
  }
}
