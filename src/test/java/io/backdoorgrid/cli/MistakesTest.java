package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A person's mistake gives one line that says what to do, and exit code 2. */
class MistakesTest {

  @TempDir Path folder;

  private Ended run(String grid, String... more) throws IOException {
    Path file = CommandLineFixture.grid(folder, grid);
    String[] arguments = new String[more.length + 4];
    arguments[0] = "run";
    arguments[1] = file.toString();
    arguments[2] = "--out";
    arguments[3] = folder.resolve("out").toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandLineFixture.run(arguments);
  }

  private void assertMistake(Ended ended, String message) {
    assertThat(ended.err()).isEqualTo(message + System.lineSeparator());
    assertThat(ended.out()).isEmpty();
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("out/rows"))
        .satisfiesAnyOf(
            rows -> assertThat(rows).doesNotExist(), rows -> assertThat(rows).isEmptyDirectory());
  }

  private String at(String place) {
    return folder.resolve("grid.yaml") + place;
  }

  private static String tiny(String from, String to) {
    return CommandLineFixture.TINY_GRID.replace(from, to);
  }

  @Test
  void namesTheNearestKey() throws IOException {
    assertMistake(
        run(tiny("  train:", "  trian:")),
        at(
            ":6:3: unknown key 'trian'; did you mean 'train'? (known: "
                + String.join(", ", Axes.STANDARD.keys(Axis.Owner.VICTIM))
                + ")"));
  }

  @Test
  void namesTheNearestAttack() throws IOException {
    assertMistake(
        run(tiny("[badnets", "[badnet")),
        at(
            ":5:12: unknown attack 'badnet'; did you mean 'badnets'? (known: "
                + String.join(", ", Attacks.REGISTRY.names())
                + ")"));
  }

  @Test
  void refusesAnImpossiblePoisonRate() throws IOException {
    assertMistake(
        run(tiny("  train:", "  poison-rate: 1.5\n  train:")),
        at(":6:16: poison-rate must be between 0 and 1, got 1.5"));
  }

  @Test
  void refusesAnImpossibleHyperparameter() throws IOException {
    assertMistake(
        run(tiny("{u: 2}", "{eps: -1}")), at(":7:49: eps must not be negative, got -1.0"));
  }

  @Test
  void saysWhichDataFolderIsMissing() throws IOException {
    Path data = folder.resolve("nowhere");
    assertMistake(
        run(
            tiny("{shapes: {train-images: 300, test-images: 100}}", "cifar10"),
            "--data-dir",
            data.toString()),
        "no data set 'cifar10': the folder %s is missing; name its parent with --data-dir"
            .formatted(data.resolve("cifar10/cifar-10-batches-bin")));
  }

  @Test
  void saysWhichDataFileIsShortBeforeAnythingIsTrained() throws IOException {
    Path batches = Files.createDirectories(folder.resolve("data/cifar10/cifar-10-batches-bin"));
    Path first = Files.write(batches.resolve("data_batch_1.bin"), new byte[1000]);
    String text = tiny("{shapes: {train-images: 300, test-images: 100}}", "cifar10");
    String data = folder.resolve("data").toString();
    assertMistake(
        run(text, "--data-dir", data),
        first + " has 1,000 bytes, expected 30,730,000 (10,000 records of 3,073)");
    assertThat(folder.resolve("out")).doesNotExist();
    Files.delete(first);
    assertMistake(run(text, "--data-dir", data), first + " is missing, a file of 30,730,000 bytes");
  }

  @Test
  void saysThatNoMasterAnswers() throws IOException {
    Ended ended = run(CommandLineFixture.TINY_GRID, "--master", "spark://127.0.0.1:1");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err())
        .isEqualTo(
            "no Spark master answers at spark://127.0.0.1:1 (Connection refused); is it running,"
                + " and is that the address on its page?\n");
  }

  @Test
  void refusesAnOutputFolderThatIsAFile() throws IOException {
    Files.writeString(folder.resolve("out"), "");
    Ended ended = run(CommandLineFixture.TINY_GRID);
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).contains(folder.resolve("out").toString());
  }

  @Test
  void refusesThisMachinesGpusForACluster() throws IOException {
    assertMistake(
        run(CommandLineFixture.TINY_GRID, "--device", "gpu", "--master", "spark://nowhere:7077"),
        "--device gpu is for this machine; on spark://nowhere:7077, Spark gives tasks the GPUs that"
            + " its settings name");
  }

  @Test
  void refusesASecretOnTheCommandLineAndDoesNotRepeatIt() throws IOException {
    assertMistake(
        run(CommandLineFixture.TINY_GRID, "--conf", "spark.hadoop.fs.s3a.secret.key=hush"),
        "--conf spark.hadoop.fs.s3a.secret.key: others can read a command line; keep secrets"
            + " in Spark's or Hadoop's configuration, or in the environment");
  }

  @Test
  void refusesAnUnknownTableFormatBeforeRunning() throws IOException {
    assertMistake(
        run(CommandLineFixture.TINY_GRID, "--format", "markdwon"),
        "--format: unknown table format 'markdwon'; did you mean 'markdown'? (known: terminal,"
            + " markdown, csv, latex, json)");
  }

  @Test
  void refusesAnUnknownPublishedTableBeforeRunning() throws IOException {
    Ended ended = run(CommandLineFixture.TINY_GRID + "table: {published: clp_tabel1}\n");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("clp_tabel1").contains("clp_table1");
  }

  @Test
  void saysWhySparkDidNotStart() throws IOException {
    Ended ended = run(CommandLineFixture.TINY_GRID, "--master", "foo");
    assertThat(ended.err().lines()).hasSize(1);
    assertThat(ended.err()).startsWith("Spark did not start: ").contains("foo");
    assertThat(ended.exitCode()).isEqualTo(1);
  }

  @Test
  void statusOfNothingSaysSo() throws IOException {
    Path file = CommandLineFixture.grid(folder, CommandLineFixture.TINY_GRID);
    Ended ended =
        CommandLineFixture.run(
            "status", file.toString(), "--out", folder.resolve("none").toString());
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err().lines()).hasSize(1);
  }

  @Test
  void unknownCommandsAndOptionsEndWithTwo() {
    assertThat(CommandLineFixture.run("rnu").exitCode()).isEqualTo(2);
    assertThat(CommandLineFixture.run("rnu").err())
        .contains("Unmatched argument at index 0: 'rnu'");
    assertThat(CommandLineFixture.run("run").err()).contains("GRID");
  }
}
