package io.backdoorgrid.cli;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Runs commands in this process and keeps what they print. */
final class CommandLineFixture {

  /** A grid of two victims and six trials that takes seconds. */
  static final String TINY_GRID =
      """
      name: tiny
      victims:
        dataset: {shapes: {train-images: 300, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: [badnets, blended]
        train: {epochs: 1, batch: 50, learning-rate: 0.1}
      defenses: [none, {ft: {epochs: 1}}, {clp: {u: 2}}]
      clean-ratio: 0.05
      """;

  /**
   * How a command ended.
   *
   * @param out what it wrote to standard output
   * @param err what it wrote to standard error
   */
  record Ended(int exitCode, String out, String err) {}

  private CommandLineFixture() {}

  static Ended run(String... arguments) {
    var out = new StringWriter();
    var err = new StringWriter();
    int code = Main.run(new PrintWriter(out), new PrintWriter(err), arguments);
    return new Ended(code, out.toString(), err.toString());
  }

  /** A command about a grid and its results. */
  static Ended run(String command, Path grid, Path out, String... more) {
    var arguments = new ArrayList<>(List.of(command, grid.toString(), "--out", out.toString()));
    arguments.addAll(List.of(more));
    return run(arguments.toArray(String[]::new));
  }

  static Path grid(Path folder, String text) throws java.io.IOException {
    return Files.writeString(folder.resolve("grid.yaml"), text);
  }
}
