package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AnalyseTest {

  /** A backdoored and a clean victim; a ResNet-18 of width 4 has 300 channels and 32 features. */
  private static final String GRID =
      CommandLineFixture.TINY_GRID.replace("[badnets, blended]", "[badnets, none]");

  private static final String VICTIM = "victim,dataset,attack,poison-rate,seed,";

  @TempDir Path folder;

  private Ended run(String command, String... more) throws IOException {
    Path file = CommandLineFixture.grid(folder, GRID);
    String[] arguments = new String[more.length + 4];
    arguments[0] = command;
    arguments[1] = file.toString();
    arguments[2] = "--out";
    arguments[3] = folder.resolve("out").toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    return CommandLineFixture.run(arguments);
  }

  @Test
  @Tag("slow")
  void writesWhatTheFiguresShow() throws IOException {
    assertThat(run("run", "--only", "defense=none").exitCode()).isZero();

    Ended ended = run("analyse", "--images", "20");
    assertThat(ended.err().lines())
        .hasSize(6)
        .first()
        .asString()
        .matches("\\[1/2] victim [0-9a-f]{16} \\(shapes, badnets, seed 0\\): channels");
    assertThat(ended.exitCode()).isZero();
    Path analysis = folder.resolve("out/analysis");
    assertThat(ended.out().lines().map(Path::of))
        .containsExactly(
            analysis.resolve("channels.csv"),
            analysis.resolve("correlations.csv"),
            analysis.resolve("image-correlations.csv"),
            analysis.resolve("salience.csv"),
            analysis.resolve("rises.csv"),
            analysis.resolve("embedding.csv"));

    assertFile(analysis, "channels", "unit,channel,tac,uclc,lpp-constant", 300, 300);
    assertFile(
        analysis, "correlations", "unit,channels,constant,pearson,spearman,pruned,recall", 40, 0);
    assertFile(analysis, "image-correlations", "unit,image,pearson", 20 * 20, 0);
    assertFile(analysis, "salience", "neuron,measure,clean,triggered", 96, 96);
    assertFile(analysis, "rises", "neuron,rise", 32, 0);
    assertFile(analysis, "embedding", "x,y,label,group,predicted", 24, 20);
    assertThat(Files.readAllLines(analysis.resolve("channels.csv")))
        .anyMatch(line -> line.matches(".*,shapes,badnets,0\\.1,0,conv1,3,[0-9.]+,[0-9.]+,.*"))
        .anyMatch(line -> line.matches(".*,shapes,none,0\\.0,0,conv1,3,,[0-9.]+,.*"));

    List<Path> files = List.of(analysis.resolve("channels.csv"), analysis.resolve("salience.csv"));
    List<String> before = List.of(Files.readString(files.get(0)), Files.readString(files.get(1)));
    Ended elsewhere =
        run(
            "analyze",
            "--images=20",
            "--what=salience,channels",
            "--to=" + folder.resolve("elsewhere"));
    assertThat(elsewhere.exitCode()).isZero();
    for (int i = 0; i < files.size(); i++) {
      assertThat(folder.resolve("elsewhere").resolve(files.get(i).getFileName()))
          .hasContent(before.get(i));
    }
    assertThat(folder.resolve("elsewhere/embedding.csv")).doesNotExist();
  }

  private static void assertFile(
      Path analysis, String name, String columns, int backdoored, int clean) throws IOException {
    List<String> lines = Files.readAllLines(analysis.resolve(name + ".csv"));
    assertThat(lines.get(0)).isEqualTo(VICTIM + columns);
    assertThat(lines.stream().filter(line -> line.contains(",badnets,"))).hasSize(backdoored);
    assertThat(lines.stream().filter(line -> line.contains(",none,"))).hasSize(clean);
    assertThat(lines).hasSize(1 + backdoored + clean);
    int width = lines.get(0).split(",").length;
    assertThat(lines).allMatch(line -> line.split(",", -1).length == width);
  }

  @Test
  @Tag("slow")
  void saysWhichVictimsAreMissing() throws IOException {
    run("run", "--only", "defense=none", "--only", "attack=none");
    Ended ended = run("analyse", "--what", "channels");
    assertThat(ended.exitCode()).isEqualTo(1);
    assertThat(ended.err().lines()).hasSize(2);
    assertThat(ended.err().lines().findFirst().orElseThrow())
        .matches(
            "victim [0-9a-f]{16} \\(shapes, badnets, seed 0\\) is not in "
                + folder.resolve("out")
                + ": run the grid first");
    assertThat(Files.readAllLines(folder.resolve("out/analysis/channels.csv"))).hasSize(301);
    try (Stream<Path> victims = Files.list(folder.resolve("out/victims"))) {
      assertThat(victims).as("nothing was trained").hasSize(1);
    }
  }

  @ParameterizedTest
  @CsvSource({
    "--images, 9, '--images must be from 10 to 5000, got 9'",
    "--threads, 0, '--threads must be at least 1, got 0'",
    "--what, channel, '[channels, salience, embedding, heads]'",
    "--tap, relu, '[conv-out, post-bn-pre-relu, post-relu]'"
  })
  void saysWhatIsWrong(String option, String value, String message) throws IOException {
    Ended ended = run("analyse", option, value);
    assertThat(ended.exitCode()).isEqualTo(Main.MISTAKE);
    assertThat(ended.err()).contains(message);
  }
}
