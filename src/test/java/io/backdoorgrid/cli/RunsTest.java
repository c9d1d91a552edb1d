package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.run.task.ToySweep;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whole runs on embedded Spark, with real training on a few images. */
@Tag("slow")
class RunsTest {

  @TempDir Path folder;

  private Ended run(String command, String grid, String out, String... more) throws IOException {
    Path file = CommandLineFixture.grid(folder, grid);
    return CommandLineFixture.run(command, file, folder.resolve(out), more);
  }

  /** Everything below a folder but the notes, with its time and content. */
  private static Map<String, String> snapshot(Path store) throws IOException {
    var files = new TreeMap<String, String>();
    try (Stream<Path> paths = Files.walk(store)) {
      for (Path path : (Iterable<Path>) paths.filter(Files::isRegularFile)::iterator) {
        files.put(
            store.relativize(path).toString(),
            Files.getLastModifiedTime(path)
                + " "
                + new String(Files.readAllBytes(path), "ISO-8859-1"));
      }
    }
    return files;
  }

  @Test
  void givesTheSameDigitsFromScratchAndDoesNothingTwice() throws IOException {
    Ended first = run("run", CommandLineFixture.TINY_GRID, "first");
    Ended second = run("run", CommandLineFixture.TINY_GRID, "second");
    assertThat(first.exitCode()).isZero();
    assertThat(second.exitCode()).isZero();

    String table = run("table", CommandLineFixture.TINY_GRID, "first", "--format", "csv").out();
    assertThat(table).isNotBlank().doesNotContain("missing");
    assertThat(run("table", CommandLineFixture.TINY_GRID, "second", "--format", "csv").out())
        .isEqualTo(table);

    Map<String, String> before = snapshot(folder.resolve("first"));
    Ended again = run("run", CommandLineFixture.TINY_GRID, "first");
    assertThat(again.exitCode()).isZero();
    assertThat(again.err()).isEmpty();
    assertThat(snapshot(folder.resolve("first"))).isEqualTo(before);
    assertThat(before.keySet().stream().filter(name -> name.startsWith("victims/")))
        .as("two victims of three files serve six trials")
        .hasSize(6);
  }

  @Test
  void anImpossibleTrialFailsAloneWithItsReason() throws IOException {
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("learning-rate: 0.1", "learning-rate: [0.1, 1.0e+6]")
            .replace("[badnets, blended]", "badnets");
    Ended ended = run("run", grid, "out");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out())
        .contains("failed")
        .contains("diverged")
        .contains("3 of 6 trials done, 3 failed");

    Ended again = run("run", grid, "out");
    assertThat(again.err()).as("a failure that would repeat itself is not repeated").isEmpty();
    assertThat(again.exitCode()).isEqualTo(1);

    Ended retried = run("run", grid, "out", "--retry-failed");
    assertThat(retried.err()).contains("3 trials to do");
    assertThat(retried.exitCode()).isEqualTo(1);
  }

  @Test
  void aPlanForProgramsIsJson() throws Exception {
    Ended ended = run("plan", CommandLineFixture.TINY_GRID, "out", "--json", "--all");
    var json = new ObjectMapper().readTree(ended.out());
    assertThat(json.get("trials").asInt()).isEqualTo(6);
    assertThat(json.get("victims").asInt()).isEqualTo(2);
    assertThat(json.get("to-do").asInt()).isEqualTo(6);
    assertThat(json.get("victims-to-train").asInt()).isEqualTo(2);
    assertThat(json.get("seconds")).hasSize(2);
    assertThat(json.get("estimated-by").asText()).startsWith("a rule of thumb");
    assertThat(json.get("cells")).hasSize(6);
    assertThat(json.get("cells").get(0).get("state").asText()).isEqualTo("to do");
    assertThat(json.get("cells").get(0).get("label").asText()).isEqualTo("badnets, none");
    assertThat(folder.resolve("out")).doesNotExist();
  }

  @Test
  void whatIsDoneCanBeRemovedAndRunAgain() throws IOException {
    String grid = CommandLineFixture.TINY_GRID.replace("{ft: {epochs: 1}}, ", "");
    run("run", grid, "out");
    Path victims = folder.resolve("out/victims");
    String[] blended = {"--only", "attack=blended", "--victims"};

    Ended asked = run("delete", grid, "out", blended);
    assertThat(asked.exitCode()).isEqualTo(2);
    assertThat(asked.err())
        .isEqualTo("nothing was removed; add --yes to agree, or --dry-run to look\n");
    Ended looked = run("delete", grid, "out", "--dry-run", blended[0], blended[1], blended[2]);
    assertThat(looked.exitCode()).isZero();
    assertThat(looked.out())
        .isEqualTo(
            "tiny: would remove 2 rows, 0 failures and 1 victim from %s\n"
                .formatted(folder.resolve("out")));
    assertThat(run("status", grid, "out").out()).contains("4 of 4 trials done");

    Ended redone =
        run("redo", grid, "out", "--yes", "--only", "attack=blended", "--only", "defense=clp");
    assertThat(redone.exitCode()).isZero();
    assertThat(redone.err())
        .startsWith("tiny: removes 1 row, 0 failures and 0 victims from ")
        .contains(", and runs them again\n")
        .contains("1 trial to do, 0 victims to train, 0 done before");
    assertThat(redone.out()).contains("1 of 1 trial done");

    Ended deleted = run("delete", grid, "out", "--yes", blended[0], blended[1], blended[2]);
    assertThat(deleted.out()).startsWith("tiny: removes 2 rows, 0 failures and 1 victim from ");
    assertThat(run("status", grid, "out").out()).contains("2 of 4 trials done, 2 to do");
    assertThat(victims.toFile().list()).hasSize(1);

    Ended collected = CommandLineFixture.run("gc", folder.resolve("out").toString());
    assertThat(collected.out())
        .containsPattern("deleted \\d+ leftovers of killed and removed work, [0-9.]+ [kM]B\\n");
    assertThat(CommandLineFixture.run("gc", folder.resolve("out").toString(), "--dry-run").out())
        .isEqualTo(folder.resolve("out") + ": nothing to delete\n");
    assertThat(CommandLineFixture.run("verify", folder.resolve("out").toString()).exitCode())
        .isZero();
  }

  /** The second victim diverges; the third is not begun. */
  @Test
  void theFirstFailureEndsTheRunIfItIsTo() throws IOException {
    // A few jobs are on their way to Spark at once, and may overtake each other; not so many.
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("learning-rate: 0.1", "learning-rate: [1.0e+6, 0.1, 0.11, 0.12, 0.13, 0.14]")
            .replace("[badnets, blended]", "badnets");
    Path told = folder.resolve("told");
    Ended ended =
        run(
            "run",
            grid,
            "out",
            "--fail-fast",
            "--quiet",
            "--threads",
            Integer.toString(Runtime.getRuntime().availableProcessors()),
            "--on-finish",
            "echo $BACKDOORGRID_PLAN $BACKDOORGRID_STATE: $BACKDOORGRID_SUMMARY > " + told);
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .matches("the run ended at its first failure, of trial [0-9a-f]{16}: diverged: .*\n");
    assertThat(Files.readString(told)).isEqualTo("tiny cut-off: " + ended.err());

    Ended status = run("status", grid, "out");
    assertThat(status.out())
        .contains(" to do; results in ")
        .containsPattern("failed   [0-9a-f]{16}  badnets, .*, diverged: ");
  }

  @Test
  void aCommandOfTheUsersLearnsHowARunEnded() throws IOException {
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("[badnets, blended]", "none")
            .replace("[none, {ft: {epochs: 1}}, {clp: {u: 2}}]", "none");
    Path told = folder.resolve("told");
    String command =
        "echo $BACKDOORGRID_STATE $BACKDOORGRID_DONE $BACKDOORGRID_FAILED $BACKDOORGRID_PENDING"
            + " $BACKDOORGRID_OUT > %s; exit 3".formatted(told);
    Ended ended = run("run", grid, "out", "--quiet", "--on-finish", command);
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out()).contains("1 of 1 trial done; results in ");
    assertThat(ended.err()).isEqualTo("the command of --on-finish ended with exit code 3\n");
    assertThat(Files.readString(told)).isEqualTo("done 1 0 0 " + folder.resolve("out") + "\n");
  }

  @Test
  void progressIsOneKindOnly() throws IOException {
    Ended ended = run("run", CommandLineFixture.TINY_GRID, "out", "--quiet", "--json-log");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).contains("--quiet, --json-log are mutually exclusive");
  }

  /** A head of 7.7 GB in Java's heap; the same task then runs its victim's other trials. */
  @Test
  void aTrialWithoutEnoughMemoryFailsAlone() throws IOException {
    String grid =
        CommandLineFixture.TINY_GRID
                .replace("[badnets, blended]", "badnets")
                .replace(
                    "{ft: {epochs: 1}}, {clp: {u: 2}}",
                    "{hp: {hidden: [60000000, 64], neurons: 0, epochs: 1}}, {ft: {epochs: 1}}")
            + "extractor: {simclr: {epochs: 1, batch: 50}}\n";
    Ended ended = run("run", grid, "out");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err())
        .contains("hp hidden=60000000: failed, out-of-memory: Java heap space")
        .doesNotContain("lost attempt");
    assertThat(ended.out()).contains("3 of 4 trials done, 1 failed");
  }

  /** A tenth of the shapes is the whole class; a fifth is more than there is. */
  @Test
  void aTrialThatCannotBeIsSkippedWithItsReason() throws IOException {
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("[badnets, blended]", "[sig, badnets]\n  poison-rate: [0.1, 0.2]")
            .replace("[none, {ft: {epochs: 1}}, {clp: {u: 2}}]", "none");
    String reason = "sig on shapes: poison-rate 0.2 is more than class 0's share 0.1";
    assertThat(run("plan", grid, "out").out())
        .contains("tiny: 3 trials on 3 victims")
        .contains("skipped    1 trial, " + reason)
        .containsPattern("skip   [0-9a-f]{16}  sig, poison-rate 0.2, none");

    Ended ended = run("run", grid, "out");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.err()).contains("3 trials to do").contains("skipped 1 trial, " + reason);
    assertThat(ended.out())
        .containsPattern("sig +0.1 .*\\n +0.2 +skipped² +skipped² +skipped²\\n")
        .contains("² " + reason)
        .contains("3 of 3 trials done, 1 skipped; results in");

    Ended status = run("status", grid, "out");
    assertThat(status.out()).contains("3 of 3 trials done, 1 skipped").contains("skipped  1 trial");
    assertThat(status.exitCode()).isZero();
    Ended nothing = run("run", grid, "none", "--only", "attack=sig", "--only", "poison-rate=0.2");
    assertThat(nothing.out()).isEmpty();
    assertThat(nothing.err())
        .isEqualTo("tiny has nothing to run: skipped 1 trial, " + reason + "\n");
    assertThat(nothing.exitCode()).isEqualTo(2);
    assertThat(folder.resolve("none")).doesNotExist();
  }

  @Test
  void aDamagedVictimIsTrainedAgainToTheSameNumbers() throws IOException {
    String grid = CommandLineFixture.TINY_GRID.replace("[badnets, blended]", "badnets");
    run("run", grid, "out", "--only", "defense=none");
    Path weights;
    try (Stream<Path> files = Files.walk(folder.resolve("out/victims"))) {
      weights = files.filter(f -> f.endsWith("weights.safetensors")).findFirst().orElseThrow();
    }
    byte[] sound = Files.readAllBytes(weights);
    byte[] damaged = sound.clone();
    damaged[damaged.length / 2] ^= 1;
    Files.write(weights, damaged);

    assertThat(run("run", grid, "out").exitCode()).isZero();
    assertThat(Files.readAllBytes(weights)).isEqualTo(sound);
  }

  /** Side by side, each of the three would do it. */
  @Test
  void aSweepThatSharesWorkIsOneTask() throws IOException {
    ToySweep.register();
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("[badnets, blended]", "badnets")
            .replace(
                "[none, {ft: {epochs: 1}}, {clp: {u: 2}}]",
                "[{toy-sweep: {limit: [0.2, 0.5, 0.8]}}, {clp: {u: 2}}]");
    Ended ended = run("run", grid, "out", "--master", "local[3]");
    assertThat(ended.exitCode()).as(ended.err()).isZero();
    assertThat(ToySweep.SCORED).hasValue(1);
    assertThat(CommandLineFixture.run("verify", folder.resolve("out").toString()).out())
        .contains("4 rows, ", " 1 phase, 4 findings, ", " 0 damaged");

    Map<String, String> finished = snapshot(folder.resolve("out"));
    assertThat(run("run", grid, "out").err()).isEmpty();
    assertThat(snapshot(folder.resolve("out"))).isEqualTo(finished);
  }

  @Test
  void planAndStatusCountWhatIsThere() throws IOException {
    Ended before = run("plan", CommandLineFixture.TINY_GRID, "out");
    assertThat(before.out())
        .contains("tiny: 6 trials on 2 victims")
        .contains("to do      6 trials, 2 victims to train")
        .contains("by a rule of thumb");
    run("run", CommandLineFixture.TINY_GRID, "out", "--only", "attack=badnets");
    Ended after = run("plan", CommandLineFixture.TINY_GRID, "out");
    assertThat(after.out())
        .contains("done       3 trials, 0 failed")
        .contains("to do      3 trials, 1 victim to train")
        .contains("by finished trials of other kinds", "  disk       about ");
    assertThat(run("status", CommandLineFixture.TINY_GRID, "out").out())
        .contains("3 of 6 trials done, 3 to do");
  }

  /**
   * On each of two extractors, two trials of hp share a head and its scores; the clean network that
   * one of them is counts as a victim. Deleted rows come back without any training.
   */
  @Test
  void trialsShareExtractorsAndWhatWasLearnedOnThem() throws IOException {
    String grid =
        CommandLineFixture.TINY_GRID
            .replace("[badnets, blended]", "badnets")
            .replace(
                "[none, {ft: {epochs: 1}}, {clp: {u: 2}}]",
                "{hp: {hidden: 32, epochs: 2, neurons: [0, 8]}}")
            .replace(
                "clean-ratio: 0.05", "extractor: [{simclr: {epochs: 1, batch: 50}}, supervised]");
    assertThat(run("plan", grid, "out").out())
        .contains("to do      4 trials, 2 victims to train, 1 extractor");
    assertThat(run("run", grid, "out").exitCode()).isZero();
    String table = run("table", grid, "out", "--format", "csv").out();
    Path store = folder.resolve("out");
    Map<String, String> learned = snapshot(store);
    Path rows = store.resolve("rows");
    try (Stream<Path> files = Files.list(rows)) {
      for (Path row : (Iterable<Path>) files::iterator) {
        Files.delete(row);
        learned.remove(store.relativize(row).toString());
      }
    }
    assertThat(count(learned, "victims/")).isEqualTo(2);
    assertThat(count(learned, "extractors/")).isEqualTo(1);
    assertThat(count(learned, "phases/")).isEqualTo(4);

    assertThat(run("run", grid, "out").exitCode()).isZero();
    assertThat(snapshot(store)).containsAllEntriesOf(learned);
    assertThat(run("table", grid, "out", "--format", "csv").out()).isEqualTo(table);
  }

  private static long count(Map<String, String> files, String folder) {
    return files.keySet().stream()
        .filter(name -> name.startsWith(folder))
        .map(name -> name.split("/")[1])
        .distinct()
        .count();
  }
}
