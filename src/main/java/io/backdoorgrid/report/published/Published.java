package io.backdoorgrid.report.published;

import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Trial;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/** A table of a paper, as transcribed under {@code results/published/}. */
public final class Published {
  private static final String ENDING = ".csv";
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

  private final String name;
  private final List<PublishedValue> values;

  private final PaperSettings settings;

  private Published(String name, List<PublishedValue> values, PaperSettings settings) {
    this.name = name;
    this.settings = settings;
    this.values = List.copyOf(values);
  }

  /**
   * Reads {@code folder/name.csv}.
   *
   * @param settings which trials its numbers are about
   * @throws IllegalArgumentException if there is no such table, or a line of it is not understood
   */
  public static Published load(Path folder, String name, PaperSettings settings) {
    List<String> known = names(folder);
    if (!known.contains(name)) {
      throw new IllegalArgumentException(
          Names.unknown("published table", name, known) + " in " + folder);
    }
    Path file = folder.resolve(name + ENDING);
    List<PublishedValue> values = new ArrayList<>();
    try (var parser = FORMAT.parse(Files.newBufferedReader(file, StandardCharsets.UTF_8))) {
      for (CSVRecord line : parser) {
        try {
          PublishedValue.of(line).ifPresent(values::add);
        } catch (IllegalArgumentException e) {
          throw new IllegalArgumentException(
              "%s, line %d: %s".formatted(file, parser.getCurrentLineNumber(), e.getMessage()), e);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read " + file + ": " + e.getMessage(), e);
    }
    return new Published(name, values, settings);
  }

  /** Such as {@code clp_table1}. */
  public String name() {
    return name;
  }

  /**
   * The published value that a trial should reproduce, as printed.
   *
   * @return nothing if there is none, or several that differ and suit equally well
   */
  public Optional<String> find(Trial trial, String metric) {
    List<PublishedValue> matching =
        values.stream()
            .filter(value -> value.matches(trial, metric))
            .filter(value -> settings.suit(trial, value.paper(), value.key()))
            .toList();
    int closest = matching.stream().mapToInt(PublishedValue::specificity).max().orElse(0);
    List<String> texts =
        matching.stream()
            .filter(value -> value.specificity() == closest)
            .map(PublishedValue::value)
            .distinct()
            .toList();
    return texts.size() == 1 ? Optional.of(texts.get(0)) : Optional.empty();
  }

  private static List<String> names(Path folder) {
    if (!Files.isDirectory(folder)) {
      throw new IllegalArgumentException(folder + " is not a folder of published tables");
    }
    try (var files = Files.list(folder)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(file -> file.endsWith(ENDING))
          .map(file -> file.substring(0, file.length() - ENDING.length()))
          .sorted()
          .collect(Collectors.toList());
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot list the published tables in " + folder + ": " + e.getMessage(), e);
    }
  }
}
