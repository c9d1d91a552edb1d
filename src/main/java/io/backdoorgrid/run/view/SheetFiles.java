package io.backdoorgrid.run.view;

import io.backdoorgrid.analysis.Sheet;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.victim.Descriptions;
import io.backdoorgrid.store.Exports;
import io.backdoorgrid.store.row.Row;
import java.math.BigDecimal;
import java.math.MathContext;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import org.apache.commons.csv.CSVFormat;

/** CSV files of what analyses found, the sheets of all victims in one file per kind. */
final class SheetFiles {

  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  /** The columns that distinguish victims. */
  private static final List<String> VICTIM_COLUMNS =
      List.of(Row.VICTIM, Row.DATASET, Row.ATTACK, Row.POISON_RATE, Row.SEED);

  /** Two more than single precision has. */
  private static final MathContext DIGITS = new MathContext(9);

  private final Exports folder;
  private final Map<String, StringBuilder> files = new LinkedHashMap<>();

  SheetFiles(Exports folder) {
    this.folder = folder;
  }

  void add(Victim victim, Sheet sheet) {
    StringBuilder file = files.computeIfAbsent(sheet.name(), first -> header(sheet));
    Map<String, Object> description = Descriptions.of(victim);
    List<Object> start = VICTIM_COLUMNS.stream().map(description::get).toList();
    for (List<?> line : sheet.lines()) {
      append(file, start, line);
    }
  }

  /** Writes all files anew, with what there is by now. */
  List<String> write() {
    var written = new ArrayList<String>();
    files.forEach(
        (name, text) ->
            written.add(
                folder.write(name + ".csv", text.toString().getBytes(StandardCharsets.UTF_8))));
    return written;
  }

  private static StringBuilder header(Sheet sheet) {
    var file = new StringBuilder();
    append(file, VICTIM_COLUMNS, sheet.columns());
    return file;
  }

  private static void append(StringBuilder file, List<?> start, List<?> rest) {
    var values = new ArrayList<Object>(start);
    rest.forEach(value -> values.add(text(value)));
    file.append(FORMAT.format(values.toArray())).append('\n');
  }

  private static Object text(Object value) {
    if (value instanceof OptionalDouble number) {
      return number.isPresent() ? text(number.getAsDouble()) : "";
    }
    if (value instanceof Double number) {
      return Double.isFinite(number)
          ? new BigDecimal(number).round(DIGITS).stripTrailingZeros().toPlainString()
          : "";
    }
    return value;
  }
}
