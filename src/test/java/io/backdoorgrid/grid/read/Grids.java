package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.Function;
import java.util.stream.Collectors;

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

  /**
   * A message in which {@code AXES} stands for the names of all axes, {@code SETTINGS} for the keys
   * under which a grid file writes them, {@code VICTIMS} for those below {@code victims}, and
   * {@code METRICS} for the metrics: tests of messages do not depend on how many there are.
   */
  static String listing(String message) {
    return message
        .replace("AXES", names(Axes.STANDARD.all(), Axis::key))
        .replace("SETTINGS", names(Axes.STANDARD.all(), Axis::written))
        .replace("METRICS", names(Metrics.STANDARD, Metric::name))
        .replace("VICTIMS", names(Axes.STANDARD.of(Axis.Owner.VICTIM), Axis::written));
  }

  private static <T> String names(List<T> list, Function<T, String> name) {
    return list.stream().map(name).collect(Collectors.joining(", "));
  }
}
