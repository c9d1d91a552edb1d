package io.backdoorgrid.report.table;

import java.util.ArrayList;
import java.util.List;

/** GitHub's tables, which have one line of headings. */
public record MarkdownTable() implements TableFormat {

  @Override
  public String render(Table table) {
    List<String> headers = new ArrayList<>();
    List<String> rules = new ArrayList<>();
    for (String axis : table.rowAxes()) {
      headers.add(escape(axis));
      rules.add(":--");
    }
    for (Table.Group group : table.groups()) {
      for (String metric : table.metricHeaders()) {
        headers.add(escape((group.label() + " " + metric).strip()));
        rules.add("--:");
      }
    }
    List<String> lines = new ArrayList<>();
    lines.add("**" + escape(table.title()) + "**");
    lines.add("");
    lines.add(line(headers));
    lines.add(line(rules));
    for (Table.Line line : table.lines()) {
      List<String> cells = new ArrayList<>();
      line.labels().forEach(label -> cells.add(escape(label)));
      line.cells().forEach(cell -> cells.add(cell(cell, table.decimals())));
      lines.add(line(cells));
    }
    table.captionWithBold().forEach(remark -> paragraph(lines, escape(remark)));
    for (int i = 0; i < table.footnotes().size(); i++) {
      paragraph(lines, CellText.superscript(i + 1) + " " + escape(table.footnotes().get(i)));
    }
    return String.join("\n", lines) + "\n";
  }

  private static void paragraph(List<String> lines, String text) {
    lines.add("");
    lines.add(text);
  }

  private static String line(List<String> cells) {
    return "| " + String.join(" | ", cells) + " |";
  }

  private static String cell(Cell cell, int decimals) {
    CellText text = CellText.of(cell, decimals);
    String value = cell.best() ? "**" + text.value() + "**" : text.value();
    return value + text.notes() + text.rest();
  }

  private static String escape(String text) {
    return text.replaceAll("([\\\\|*_<`\\[\\]])", "\\\\$1").replaceAll("\\R", " ");
  }
}
