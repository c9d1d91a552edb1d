package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShowTest {

  /** Fewer than the default's 10,000, which take a second. */
  private static final String FEW_SHAPES = "shapes: {train-images: 100, test-images: 100}";

  @TempDir Path folder;

  private Ended show(String... arguments) {
    var all = new ArrayList<>(List.of("show"));
    all.addAll(List.of(arguments));
    if (all.stream().noneMatch(argument -> argument.startsWith("--dataset"))) {
      all.add("--dataset=" + FEW_SHAPES);
    }
    if (all.stream().noneMatch(argument -> argument.startsWith("--to"))) {
      all.add("--to=" + folder.resolve("new/sheet.png"));
    }
    return CommandLineFixture.run(all.toArray(String[]::new));
  }

  private static void assertMistake(Ended ended, String message) {
    assertThat(ended.err()).isEqualTo(message + System.lineSeparator());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exitCode()).isEqualTo(Main.MISTAKE);
  }

  @Test
  void printsHowMuchAttacksChange() {
    Ended ended = show("none", "badnets: {size: [3, 16], corner: top-left}");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    List<String> lines = ended.out().lines().toList();
    assertThat(lines).hasSize(5);
    assertThat(lines.get(0))
        .isEqualTo("attack                                PSNR  largest change  changed pixels");
    assertThat(lines.get(1))
        .isEqualTo("none                                     –               0           0.0 %");
    assertThat(lines.get(2))
        .matches("badnets size=3 corner=top-left +2\\d\\.\\d\\d dB +\\d+ +0\\.9 %");
    assertThat(lines.get(3))
        .matches("badnets size=16 corner=top-left +\\d+\\.\\d\\d dB +\\d+ +25\\.0 %");
    assertThat(lines.get(4)).isEqualTo(folder.resolve("new/sheet.png").toString());
  }

  @Test
  void namesAPresetByWhatItChanges() {
    Ended ended =
        show("badnets: {preset: [backdoorbench, wiper]}", "badnets: {preset: wiper, size: 5}");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out().lines().skip(1).limit(3).map(line -> line.replaceAll("  .*", "")))
        .containsExactly(
            "badnets",
            "badnets pattern=random corner=top-left",
            "badnets size=5 pattern=random corner=top-left");
  }

  /** Rows of 3 images of 32x32, three times as large, at the right of labels: see ContactSheet. */
  @Test
  void drawsOriginalsTriggeredImagesAndDifferences() throws IOException {
    show("badnets", "--images=3");
    BufferedImage sheet = ImageIO.read(folder.resolve("new/sheet.png").toFile());
    assertThat(sheet.getHeight()).isEqualTo(12 + 96 + 14 + 96 + 4 + 96 + 12);
    int right = sheet.getWidth() - 12 - 1;
    int original = sheet.getRGB(right, 12 + 95);
    assertThat(sheet.getRGB(right, 12 + 96 + 14 + 95)).isEqualTo(0xFFFFFFFF);
    assertThat(sheet.getRGB(right, 12 + 96 + 14 + 96 + 4 + 95))
        .as("what white is brighter by")
        .isEqualTo(0xFF000000 | ~original & 0xFFFFFF);
    assertThat(sheet.getRGB(right - 9, 12 + 96 + 14 + 96 + 4 + 95)).isEqualTo(0xFF000000);
  }

  @Test
  void drawsTheSameAgainAndOthersWithAnotherSeed() throws IOException {
    Path sheet = folder.resolve("new/sheet.png");
    show("blended", "--images=2");
    byte[] first = Files.readAllBytes(sheet);
    show("blended", "--images=2");
    assertThat(sheet).hasBinaryContent(first);
    show("blended", "--images=2", "--seed=1");
    assertThat(Files.readAllBytes(sheet)).isNotEqualTo(first);
  }

  /** The clean network that both ask for is trained once, each victim for itself. */
  @Test
  void trainsWhatAttacksNeed() {
    Ended ended =
        show(
            "logit-anchoring: {epochs: 1, lambda: [0, 0.1]}",
            "--model=resnet18: {width: 4}",
            "--epochs=2",
            "--threads=1");
    assertThat(ended.err().lines().map(line -> line.replaceAll(", loss \\d+\\.\\d{3}", "")))
        .containsExactly(
            "preparing logit-anchoring",
            "training a clean network: epoch 1 of 2",
            "training a clean network: epoch 2 of 2",
            "training logit-anchoring: epoch 1 of 1",
            "preparing logit-anchoring",
            "training logit-anchoring: epoch 1 of 1");
    assertThat(ended.exitCode()).isZero();
    List<String> lines = ended.out().lines().toList();
    assertThat(lines.get(1)).matches("logit-anchoring lambda=0 epochs=1 .* dB .* 0\\.9 %");
    assertThat(lines.get(2))
        .as("the trigger itself is not learned")
        .isEqualTo(lines.get(1).replace("lambda=0 epochs=1  ", "lambda=0.1 epochs=1"));
  }

  @Test
  void saysWhichTrainingLedNowhere() {
    Ended ended =
        show(
            "logit-anchoring: {epochs: 1, learning-rate: 1.0e+30}",
            "--model=resnet18: {width: 4}",
            "--epochs=1",
            "--threads=1");
    assertThat(ended.err().lines().reduce((first, last) -> last).orElseThrow())
        .startsWith("logit-anchoring cannot be shown: training diverged in epoch 1, step");
    assertThat(ended.exitCode()).isEqualTo(Main.FAILED);
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void namesTheNearestAttackAndHyperparameter() {
    Ended attack = show("badnet");
    assertThat(attack.err())
        .startsWith("badnet: unknown attack 'badnet'; did you mean 'badnets'? (known: none, badn")
        .hasLineCount(1);
    assertThat(attack.exitCode()).isEqualTo(Main.MISTAKE);
    assertMistake(
        show("sig: {detla: 20}"),
        "sig: {detla: 20}: unknown hyperparameter 'detla' of attack 'sig'; did you mean 'delta'?"
            + " (known: delta, frequency, labels, target, preset)");
    assertThat(folder.resolve("new")).doesNotExist();
  }

  @Test
  void saysWhatDoesNotFit() {
    assertMistake(
        show("badnets: {size: 40}"),
        "badnets size=40: a patch of size 40 does not fit on images of 32x32x3");
  }

  @Test
  void saysWhichDataFolderIsMissing() {
    assertMistake(
        show("badnets", "--dataset=cifar10", "--data-dir=" + folder),
        "no data set 'cifar10': the folder %s is missing; name its parent with --data-dir"
            .formatted(folder.resolve("cifar10/cifar-10-batches-bin")));
    Ended unknown = show("badnets", "--dataset=cifar");
    assertThat(unknown.err())
        .startsWith("--dataset cifar: unknown dataset 'cifar'; did you mean 'cifar10'?")
        .hasLineCount(1);
  }

  @Test
  void saysWhereItCannotWrite() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    Ended below = show("badnets", "--to=" + file + "/sheet.png");
    assertThat(below.err()).startsWith("cannot write to " + file).hasLineCount(1);
    assertThat(below.exitCode()).isEqualTo(Main.MISTAKE);

    Path taken = Files.createDirectory(folder.resolve("folder.png"));
    Ended over = show("badnets", "--to=" + taken);
    assertThat(over.err()).startsWith("cannot write " + taken).hasLineCount(1);
    assertThat(over.exitCode()).isEqualTo(Main.MISTAKE);

    Ended colon = show("badnets", "--to=" + folder + "/a:b.png");
    assertThat(colon.err()).startsWith("cannot write " + folder + "/a:b.png: ").hasLineCount(1);
    assertThat(colon.exitCode()).isEqualTo(Main.MISTAKE);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          --images=0                 | --images must be at least 1, got 0
          --images=101               | --images must be from 1 to 100, got 101
          --images=1001              | 1001 images under 1 attacks are too many for a sheet, which has room for 1000
          --amplify=0                | --amplify must be from 1 to 255, got 0
          --amplify=256              | --amplify must be from 1 to 255, got 256
          --to=sheet.jpg             | --to must end in .png, got 'sheet.jpg'
          --dataset=[shapes, shapes] | --dataset must be one data set, got 2
          --model=[resnet18, resnet18] | --model must be one network, got 2
          --epochs=0                 | --epochs must be at least 1, got 0
          --train-images=1           | --train-images must be at least 2, got 1
          --threads=0                | --threads must be at least 1, got 0
          """)
  void saysWhatIsWrong(String option, String message) {
    assertMistake(show("badnets", option), message);
  }

  @Test
  void asksForAnAttack() {
    Ended ended = show();
    assertThat(ended.err()).contains("Missing required parameter: 'ATTACK'");
    assertThat(ended.exitCode()).isEqualTo(Main.MISTAKE);
  }
}
