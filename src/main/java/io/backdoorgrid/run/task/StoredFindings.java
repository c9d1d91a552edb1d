package io.backdoorgrid.run.task;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;

/**
 * The findings of a trial's defense, as sheets and pictures in an object of the store and as
 * columns of its row.
 *
 * <p>The object is named by its content, and the row names the object. So a row never goes with the
 * findings of another attempt, which may have run on another kind of machine: a killed attempt
 * leaves at worst an object that no row names.
 */
final class StoredFindings {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  private StoredFindings() {}

  /**
   * Stores findings, if there are any.
   *
   * @return columns for the trial's row
   */
  static Map<String, Object> commit(Findings findings, Trial trial, Store store) {
    Map<String, byte[]> sheets = sheets(findings);
    Map<String, Object> numbers = numbers(findings);
    if (sheets.isEmpty() && numbers.isEmpty()) {
      return Map.of();
    }
    Map<String, Object> description = new LinkedHashMap<>();
    description.put(Row.TRIAL, trial.id().toString());
    description.put(Row.DEFENSE, trial.defense().name());
    description.putAll(numbers);
    var content = new StringBuilder().append(description);
    sheets.forEach((name, bytes) -> content.append('\n').append(name).append(Digest.brief(bytes)));
    String id = Digest.brief(content.toString());
    store.commitObject(ObjectKind.FINDINGS, id, sheets, description);

    Map<String, Object> columns = new LinkedHashMap<>();
    columns.put(Row.FINDINGS, id);
    numbers.forEach((name, value) -> columns.put(Row.FINDINGS + "." + name, value));
    return columns;
  }

  private static Map<String, Object> numbers(Findings findings) {
    Map<String, Object> numbers = new LinkedHashMap<>();
    findings.verdict().ifPresent(verdict -> numbers.put("backdoored", verdict));
    if (!findings.classes().isEmpty()) {
      numbers.put(
          "suspected-classes",
          findings.classes().stream()
              .filter(Findings.ScoredClass::suspected)
              .map(scored -> Integer.toString(scored.label()))
              .collect(Collectors.joining(" ")));
    }
    numbers.putAll(findings.counts());
    return numbers;
  }

  private static Map<String, byte[]> sheets(Findings findings) {
    Map<String, byte[]> sheets = new LinkedHashMap<>();
    put(
        sheets,
        "channels.csv",
        List.of("layer", "channel", "score", "limit"),
        findings.channels(),
        found -> List.of(found.layer(), found.channel(), found.score(), found.limit()));
    put(
        sheets,
        "classes.csv",
        List.of("class", "score", "suspected"),
        findings.classes(),
        found -> List.of(found.label(), found.score(), found.suspected()));
    put(
        sheets,
        "curves.csv",
        List.of("curve", "at", "value"),
        findings.points(),
        point -> List.of(point.curve(), point.at(), point.value()));
    findings.pictures().forEach((name, picture) -> sheets.put(name + ".png", picture.png()));
    return sheets;
  }

  private static <T> void put(
      Map<String, byte[]> sheets,
      String name,
      List<String> header,
      List<T> lines,
      Function<T, List<?>> values) {
    if (!lines.isEmpty()) {
      var text = new StringBuilder(FORMAT.format(header.toArray())).append('\n');
      lines.forEach(line -> text.append(FORMAT.format(values.apply(line).toArray())).append('\n'));
      sheets.put(name, text.toString().getBytes(UTF_8));
    }
  }
}
