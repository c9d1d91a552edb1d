package io.backdoorgrid.report.table;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalDouble;
import java.util.stream.Collectors;
import org.apache.commons.csv.CSVFormat;

/** The long form, for other programs: one line per cell and metric, numbers unrounded. */
public record CsvTable() implements TableFormat {
  private static final CSVFormat FORMAT =
      CSVFormat.RFC4180.builder().setRecordSeparator("\n").get();

  /** Far below the noise, but short where the number is. */
  private static final int DECIMALS = 6;

  @Override
  public String render(Table table) {
    StringBuilder csv = new StringBuilder();
    List<String> header = new ArrayList<>(table.rowAxes());
    header.addAll(table.columnAxes());
    header.addAll(
        List.of("metric", "mean", "std", "n", "of", "published", "difference", "status", "note"));
    append(csv, header);
    for (Table.Line line : table.lines()) {
      for (int i = 0; i < line.cells().size(); i++) {
        List<String> values = new ArrayList<>(line.labels());
        values.addAll(table.groups().get(i / table.metrics().size()).values());
        append(csv, values, line.cells().get(i), table);
      }
    }
    return csv.toString();
  }

  private static void append(StringBuilder csv, List<String> values, Cell cell, Table table) {
    if (cell.status() == Cell.Status.ABSENT) {
      return;
    }
    values.add(cell.metric().name());
    values.add(number(cell.mean()));
    values.add(number(cell.deviation()));
    values.add(Integer.toString(cell.measured()));
    values.add(Integer.toString(cell.planned()));
    values.add(cell.published().orElse(""));
    values.add(number(cell.difference()));
    values.add(cell.status().toString());
    values.add(
        cell.notes().stream()
            .map(note -> table.footnotes().get(note - 1))
            .collect(Collectors.joining("; ")));
    append(csv, values);
  }

  private static void append(StringBuilder csv, List<String> values) {
    csv.append(FORMAT.format(values.toArray())).append('\n');
  }

  private static String number(OptionalDouble value) {
    if (value.isEmpty()) {
      return "";
    }
    BigDecimal rounded =
        BigDecimal.valueOf(value.getAsDouble()).setScale(DECIMALS, RoundingMode.HALF_EVEN);
    return rounded.signum() == 0 ? "0" : rounded.stripTrailingZeros().toPlainString();
  }
}
