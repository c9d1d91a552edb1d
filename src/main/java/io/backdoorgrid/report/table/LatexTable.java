package io.backdoorgrid.report.table;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** A {@code table} environment with booktabs rules, for a paper. */
public record LatexTable() implements TableFormat {

  @Override
  public String render(Table table) {
    int labels = table.rowAxes().size();
    int metrics = table.metrics().size();
    List<String> lines = new ArrayList<>();
    lines.add("% \\usepackage{booktabs}");
    lines.add("\\begin{table}");
    lines.add("\\centering");
    lines.add("\\caption{" + caption(table) + "}");
    lines.add(
        "\\begin{tabular}{"
            + "l".repeat(labels)
            + (" " + "r".repeat(metrics)).repeat(table.groups().size())
            + "}");
    lines.add("\\toprule");
    if (table.hasGroupLabels()) {
      lines.add(
          " & ".repeat(labels)
              + table.groups().stream()
                  .map(group -> "\\multicolumn{" + metrics + "}{c}{" + escape(group.label()) + "}")
                  .collect(Collectors.joining(" & "))
              + " \\\\");
      StringBuilder rules = new StringBuilder();
      for (int i = 0; i < table.groups().size(); i++) {
        int first = labels + 1 + i * metrics;
        rules.append("\\cmidrule(lr){" + first + "-" + (first + metrics - 1) + "}");
      }
      lines.add(rules.toString());
    }
    List<String> headers = new ArrayList<>();
    table.rowAxes().forEach(axis -> headers.add(escape(axis)));
    table.groups().forEach(group -> table.metricHeaders().forEach(m -> headers.add(escape(m))));
    lines.add(line(headers));
    lines.add("\\midrule");
    List<String> previous = List.of();
    for (Table.Line line : table.lines()) {
      List<String> cells = new ArrayList<>();
      RowLabels.withoutRepeats(line.labels(), previous).forEach(label -> cells.add(escape(label)));
      line.cells().forEach(cell -> cells.add(cell(cell, table.decimals())));
      lines.add(line(cells));
      previous = line.labels();
    }
    lines.add("\\bottomrule");
    lines.add("\\end{tabular}");
    for (int i = 0; i < table.footnotes().size(); i++) {
      lines.add("\\par\\footnotesize $^{" + (i + 1) + "}$ " + escape(table.footnotes().get(i)));
    }
    lines.add("\\end{table}");
    return String.join("\n", lines) + "\n";
  }

  private static String caption(Table table) {
    List<String> sentences = new ArrayList<>();
    sentences.add(table.title());
    sentences.addAll(table.captionWithBold());
    return sentences.stream()
        .map(text -> escape(text.endsWith(".") ? text : text + "."))
        .collect(Collectors.joining(" "));
  }

  private static String line(List<String> cells) {
    return String.join(" & ", cells) + " \\\\";
  }

  private static String cell(Cell cell, int decimals) {
    CellText text = CellText.of(cell, decimals);
    String value = escape(text.value());
    String notes =
        cell.notes().isEmpty()
            ? ""
            : "$^{%s}$"
                .formatted(
                    cell.notes().stream().map(String::valueOf).collect(Collectors.joining(",")));
    return (cell.best() ? "\\textbf{" + value + "}" : value) + notes + escape(text.rest());
  }

  private static String escape(String text) {
    StringBuilder escaped = new StringBuilder();
    for (char c : text.toCharArray()) {
      escaped.append(
          switch (c) {
            case '\\' -> "\\textbackslash{}";
            case '~' -> "\\textasciitilde{}";
            case '^' -> "\\textasciicircum{}";
            case '&', '%', '$', '#', '_', '{', '}' -> "\\" + c;
            case '<' -> "\\textless{}";
            case '>' -> "\\textgreater{}";
            case '±' -> "$\\pm$";
            case '·' -> "$\\cdot$";
            case '–' -> "--";
            case '…' -> "\\dots{}";
            default -> String.valueOf(c);
          });
    }
    return escaped.toString();
  }
}
