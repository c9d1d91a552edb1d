package io.backdoorgrid.run;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.lease.Lease;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.apache.commons.codec.digest.DigestUtils;
import org.apache.commons.csv.CSVFormat;
import org.apache.commons.csv.CSVRecord;

/**
 * Takes rows that were measured elsewhere into a store: any CSV of rows, such as those kept under
 * {@code results/measured}.
 *
 * <p>They keep their origin, commit, host and data digest, and get a column that names the file.
 * Rows are refused if they contradict the plan or were measured on other data than the rest; rows
 * of other plans are left out.
 */
public final class Imports {

  /** Where an imported row came from: the file's name and the first digits of its SHA-256. */
  static final String IMPORTED = "imported";

  private static final int MOST_BYTES = 256 << 20;
  private static final List<String> REQUIRED =
      List.of(Metrics.ACC.column(), Row.COMMIT, Row.DATA_DIGEST, Row.STARTED);

  /** What two measurements of a trial must agree in. */
  private static final List<String> RESULTS =
      Metrics.EVALUATED.stream().filter(Evaluated::inEveryRow).map(Evaluated::column).toList();

  private static final Set<String> COMPARED =
      Stream.concat(Stream.of(Row.DATA_DIGEST), RESULTS.stream()).collect(Collectors.toSet());

  /** Spreadsheet programs begin files with it. */
  private static final String BYTE_ORDER_MARK = "\uFEFF";

  /** A digest over the file that the row was alone in; here it has other columns beside. */
  private static final String DIGEST = "digest";

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setHeader().setSkipHeaderRecord(true).get();

  private final Map<String, Trial> trials = new HashMap<>();

  /** What the rows of each data set were measured on. */
  private final Map<Object, String> dataDigests = new HashMap<>();

  private final Map<String, Row> taken = new LinkedHashMap<>();
  private final Set<String> unknownColumns = new TreeSet<>();
  private int known;
  private int foreign;

  /**
   * What was done.
   *
   * @param taken rows
   * @param known rows of trials that were finished already
   * @param foreign rows of trials that the plan does not have
   * @param unknownColumns of the rows taken, which keep them: those that this version never writes
   */
  public record Result(int taken, int known, int foreign, Set<String> unknownColumns) {}

  private Imports(Plan plan) {
    plan.trials().forEach(trial -> trials.put(trial.id().toString(), trial));
  }

  /**
   * Takes the rows that belong to a plan, of all files or, if one is refused, of none.
   *
   * @throws BadDataException if a file is not what it should be
   */
  public static Result run(Plan plan, Store store, List<Path> files) {
    try (Lease lease = store.lease()) {
      var imports = new Imports(plan);
      Map<String, Row> finished = store.rows(COMPARED).byTrial();
      finished.values().forEach(row -> imports.requireSameData(row, store.uri()));
      files.forEach(file -> imports.read(file, finished));
      for (Row row : imports.taken.values()) {
        lease
            .lostTo()
            .ifPresent(
                driver -> {
                  throw RunException.superseded(driver);
                });
        store.commitRow(row);
      }
      return imports.result();
    }
  }

  /**
   * What {@link #run} would do with a store that is not there yet.
   *
   * @throws BadDataException if a file is not what it should be
   */
  public static Result rehearse(Plan plan, List<Path> files) {
    var imports = new Imports(plan);
    files.forEach(file -> imports.read(file, Map.of()));
    return imports.result();
  }

  private Result result() {
    return new Result(taken.size(), known, foreign, unknownColumns);
  }

  private void read(Path file, Map<String, Row> finished) {
    byte[] bytes = bytes(file);
    String origin = file.getFileName() + " " + DigestUtils.sha256Hex(bytes).substring(0, 16);
    String text = new String(bytes, StandardCharsets.UTF_8).replaceFirst("^" + BYTE_ORDER_MARK, "");
    try (var parser = FORMAT.parse(new StringReader(text))) {
      require(
          parser.getHeaderNames().contains(Row.TRIAL),
          "%s has no column '%s': it is no CSV of rows",
          file,
          Row.TRIAL);
      requireNoTwins(parser.getHeaderNames(), file);
      for (CSVRecord line : parser) {
        take(row(line, origin), finished, "%s, row %d".formatted(file, line.getRecordNumber()));
      }
    } catch (UncheckedIOException e) {
      throw new BadDataException("%s: %s".formatted(file, e.getCause().getMessage()), e);
    } catch (IOException | IllegalArgumentException | IllegalStateException e) {
      throw new BadDataException("%s: %s".formatted(file, e.getMessage()), e);
    }
  }

  /** Of two columns with one name, one would be lost. */
  private static void requireNoTwins(List<String> columns, Path file) {
    var seen = new HashSet<String>();
    for (String column : columns) {
      require(seen.add(column), "%s has two columns '%s'", file, column);
    }
  }

  private static byte[] bytes(Path file) {
    try (InputStream in = Files.newInputStream(file)) {
      byte[] bytes = in.readNBytes(MOST_BYTES + 1);
      if (bytes.length > MOST_BYTES) {
        throw new BadDataException(file + " is larger than 256 MiB");
      }
      return bytes;
    } catch (NoSuchFileException e) {
      throw new BadDataException(file + ": no such file", e);
    } catch (IOException e) {
      throw new BadDataException(
          "cannot read %s (%s)".formatted(file, e.getClass().getSimpleName()), e);
    }
  }

  /** Columns of other rows are empty here; so are undefined ones, which a row may leave out. */
  private static Row row(CSVRecord line, String origin) {
    var columns = new LinkedHashMap<String, String>();
    line.toMap()
        .forEach(
            (name, text) -> {
              if (!text.isEmpty() && !name.equals(DIGEST)) {
                columns.put(name, text);
              }
            });
    columns.putIfAbsent(IMPORTED, origin);
    return new Row(columns);
  }

  private void take(Row row, Map<String, Row> finished, String place) {
    Trial trial = trials.get(row.id());
    if (trial == null) {
      foreign++;
      return;
    }
    for (String column : REQUIRED) {
      require(!row.text(column).isEmpty(), "%s has no %s", place, column);
    }
    Map<String, String> settings = Row.of(Descriptions.of(trial)).columns();
    settings.forEach(
        (column, text) ->
            require(
                row.text(column).isEmpty() || row.text(column).equals(text),
                "%s: %s is %s where the grid has %s",
                place,
                column,
                row.text(column),
                text));
    requireSameData(row, place);
    Row before = finished.getOrDefault(row.id(), taken.get(row.id()));
    if (before == null) {
      taken.put(row.id(), row);
      row.columns().keySet().stream()
          .filter(column -> !Row.isKnown(column) && !column.equals(IMPORTED))
          .filter(column -> !settings.containsKey(column))
          .forEach(unknownColumns::add);
    } else {
      requireSameResult(row, before, place);
      known++;
    }
  }

  private static void requireSameResult(Row row, Row before, String place) {
    for (String column : RESULTS) {
      require(
          row.number(column).equals(before.number(column)),
          "%s: %s is %s where trial %s is known to have %s",
          place,
          column,
          row.text(column),
          row.id(),
          before.text(column));
    }
  }

  private void requireSameData(Row row, String place) {
    Trial trial = trials.get(row.id());
    if (trial != null) {
      String before = dataDigests.putIfAbsent(trial.victim().dataset(), row.text(Row.DATA_DIGEST));
      require(
          before == null || before.equals(row.text(Row.DATA_DIGEST)),
          "%s was measured on other data of %s (digest %s) than the rest (%s)",
          place,
          trial.victim().dataset().name(),
          row.text(Row.DATA_DIGEST),
          before);
    }
  }

  private static void require(boolean holds, String message, Object... values) {
    if (!holds) {
      throw new BadDataException(message.formatted(values));
    }
  }
}
