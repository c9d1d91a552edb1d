package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;

/** Reads grids written in a test, from files in a temporary folder. */
final class Grids {
  static final String SMALL =
      """
      victims:
        dataset: cifar10
        model: resnet18
        attack: [badnets, blended]
        seed: [0, 1, 2]
      defenses: [none, clp]
      """;

  private final Path folder;

  Grids(Path folder) {
    this.folder = folder;
  }

  Path write(String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  Plan read(String text) {
    return read(text, Overrides.NONE);
  }

  Plan read(String text, Overrides overrides) {
    return GridReader.read(write("grid.yaml", text), new FakeCatalog(), overrides);
  }

  Plan set(String text, String... options) {
    return read(text, setting(options));
  }

  Plan only(String text, String... options) {
    return read(text, selecting(options));
  }

  /** The message of the mistake in {@code text}, with the file's path shortened to its name. */
  String mistake(String text) {
    return mistake(text, Overrides.NONE);
  }

  String mistake(String text, Overrides overrides) {
    Path file = write("grid.yaml", text);
    return message(() -> GridReader.read(file, new FakeCatalog(), overrides));
  }

  String message(Runnable reading) {
    return catchThrowableOfType(GridException.class, reading::run)
        .getMessage()
        .replace(folder + "/", "");
  }

  static Overrides setting(String... options) {
    return new Overrides(Optional.empty(), List.of(options), List.of(), OptionalLong.empty());
  }

  static Overrides selecting(String... options) {
    return new Overrides(Optional.empty(), List.of(), List.of(options), OptionalLong.empty());
  }

  static Overrides limit(long limit) {
    return new Overrides(Optional.empty(), List.of(), List.of(), OptionalLong.of(limit));
  }

  static Overrides profile(Path profile, String... set) {
    return new Overrides(Optional.of(profile), List.of(set), List.of(), OptionalLong.empty());
  }

  /** The values of some axes for every cell, such as {@code badnets 0 clp}. */
  static List<String> cells(Plan plan, String... axes) {
    return plan.cells().stream()
        .map(
            trial ->
                String.join(" ", List.of(axes).stream().map(axis -> trial.text(axis)).toList()))
        .toList();
  }
}
