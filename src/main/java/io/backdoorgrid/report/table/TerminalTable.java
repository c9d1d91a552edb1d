package io.backdoorgrid.report.table;

import java.util.ArrayList;
import java.util.List;

/**
 * Aligned columns for a terminal. Groups of columns that don't fit beside each other follow below
 * each other, each time with the labels of the lines.
 *
 * @param bold whether the best values are set in bold by ANSI escapes
 * @param width of the terminal in characters, 0 for any
 */
public record TerminalTable(boolean bold, int width) implements TableFormat {
  static final TerminalTable PLAIN = new TerminalTable(false, 0);

  private static final String GAP = "  ";
  private static final String GROUP_GAP = "   ";
  private static final String BOLD = "\u001b[1m";
  private static final String NORMAL = "\u001b[22m";

  public TerminalTable {
    if (width < 0) {
      throw new IllegalArgumentException("width must be 0 or more, got " + width);
    }
  }

  @Override
  public String render(Table table) {
    List<String> lines = new ArrayList<>();
    lines.add(table.title());
    int[] labelWidths = labelWidths(table);
    int[][] widths = new int[table.groups().size()][];
    for (int group = 0; group < widths.length; group++) {
      widths[group] = groupWidths(table, group);
    }
    int labels = total(labelWidths);
    for (int from = 0; from < widths.length; ) {
      int to = from + 1;
      int used = labels + GROUP_GAP.length() + total(widths[from]);
      while (to < widths.length
          && (width == 0 || used + GROUP_GAP.length() + total(widths[to]) <= width)) {
        used += GROUP_GAP.length() + total(widths[to]);
        to++;
      }
      lines.add("");
      block(lines, table, labelWidths, widths, from, to);
      lines.add("─".repeat(used));
      from = to;
    }
    lines.addAll(bold ? table.captionWithBold() : table.caption());
    for (int i = 0; i < table.footnotes().size(); i++) {
      lines.add(CellText.superscript(i + 1) + " " + table.footnotes().get(i));
    }
    return String.join("\n", lines) + "\n";
  }

  private void block(
      List<String> lines, Table table, int[] labelWidths, int[][] widths, int from, int to) {
    if (table.hasGroupLabels()) {
      StringBuilder names = new StringBuilder(" ".repeat(total(labelWidths)));
      StringBuilder rules = new StringBuilder(names);
      for (int group = from; group < to; group++) {
        int room = total(widths[group]);
        names.append(GROUP_GAP).append(centre(table.groups().get(group).label(), room));
        rules.append(GROUP_GAP).append("─".repeat(room));
      }
      lines.add(names.toString().stripTrailing());
      lines.add(rules.toString());
    }
    StringBuilder headers = new StringBuilder(labels(table.rowAxes(), labelWidths));
    for (int group = from; group < to; group++) {
      for (int m = 0; m < table.metrics().size(); m++) {
        headers
            .append(m == 0 ? GROUP_GAP : GAP)
            .append(right(table.metricHeaders().get(m), widths[group][m]));
      }
    }
    lines.add(headers.toString());
    lines.add("─".repeat(length(headers.toString())));
    List<String> above = List.of();
    for (Table.Line line : table.lines()) {
      StringBuilder text =
          new StringBuilder(labels(RowLabels.withoutRepeats(line.labels(), above), labelWidths));
      above = line.labels();
      for (int group = from; group < to; group++) {
        for (int m = 0; m < table.metrics().size(); m++) {
          Cell cell = line.cells().get(group * table.metrics().size() + m);
          text.append(m == 0 ? GROUP_GAP : GAP).append(cell(cell, table, widths[group][m]));
        }
      }
      lines.add(text.toString().stripTrailing());
    }
  }

  private String cell(Cell cell, Table table, int room) {
    CellText text = CellText.of(cell, table.decimals());
    String padding = " ".repeat(room - length(text.plain()));
    String value = bold && cell.best() ? BOLD + text.value() + NORMAL : text.value();
    return padding + value + text.notes() + text.rest();
  }

  private static int[] labelWidths(Table table) {
    int[] widths = table.rowAxes().stream().mapToInt(TerminalTable::length).toArray();
    for (Table.Line line : table.lines()) {
      for (int i = 0; i < widths.length; i++) {
        widths[i] = Math.max(widths[i], length(line.labels().get(i)));
      }
    }
    return widths;
  }

  private static int[] groupWidths(Table table, int group) {
    int[] widths = table.metricHeaders().stream().mapToInt(TerminalTable::length).toArray();
    for (Table.Line line : table.lines()) {
      for (int m = 0; m < widths.length; m++) {
        Cell cell = line.cells().get(group * widths.length + m);
        widths[m] = Math.max(widths[m], length(CellText.of(cell, table.decimals()).plain()));
      }
    }
    int missing = length(table.groups().get(group).label()) - total(widths);
    widths[0] += Math.max(0, missing);
    return widths;
  }

  private static String labels(List<String> labels, int[] widths) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < widths.length; i++) {
      String label = labels.get(i);
      text.append(i == 0 ? "" : GAP).append(label).append(" ".repeat(widths[i] - length(label)));
    }
    return text.toString();
  }

  private static int total(int[] widths) {
    int total = GAP.length() * Math.max(0, widths.length - 1);
    for (int width : widths) {
      total += width;
    }
    return total;
  }

  private static String right(String text, int room) {
    return " ".repeat(room - length(text)) + text;
  }

  private static String centre(String text, int room) {
    int left = (room - length(text)) / 2;
    return " ".repeat(left) + text + " ".repeat(room - length(text) - left);
  }

  private static int length(String text) {
    return text.codePointCount(0, text.length());
  }
}
