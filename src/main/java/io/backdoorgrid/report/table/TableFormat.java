package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Names;
import java.util.List;

/** A format of tables. Numbers never depend on the reader's locale. */
public sealed interface TableFormat
    permits TerminalTable, MarkdownTable, CsvTable, LatexTable, JsonTable {

  /** The names that {@link #named} knows. */
  List<String> NAMES = List.of("terminal", "markdown", "csv", "latex", "json");

  /** The whole text, ending in a line break. */
  String render(Table table);

  /**
   * The format of that name; a terminal of any width, without bold type.
   *
   * @throws IllegalArgumentException if there is none
   */
  static TableFormat named(String name) {
    return switch (name) {
      case "terminal" -> TerminalTable.PLAIN;
      case "markdown" -> new MarkdownTable();
      case "csv" -> new CsvTable();
      case "latex" -> new LatexTable();
      case "json" -> new JsonTable();
      default -> throw new IllegalArgumentException(Names.unknown("table format", name, NAMES));
    };
  }
}
