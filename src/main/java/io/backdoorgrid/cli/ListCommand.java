package io.backdoorgrid.cli;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Values;
import io.backdoorgrid.metric.Metric;
import java.io.PrintWriter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help;
import picocli.CommandLine.Help.Ansi;
import picocli.CommandLine.Help.Column;
import picocli.CommandLine.Help.TextTable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a grid file may name. */
@Command(
    name = "list",
    description = {
      "Lists what a grid file may name. Of a name, it tells every hyperparameter: its default, in"
          + " parentheses the values that papers' presets have instead, what it means and its range."
    },
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  private static final String LINE = "%-12s %s%n";
  private static final String METRIC = "metric";
  private static final int WIDTH = 100;

  /** What the groups of a kind say. */
  private static final Map<Kind, String> GROUPED =
      Map.of(Kind.ATTACK, "the attacker", Kind.DEFENSE, "the defender has");

  @Parameters(
      paramLabel = "NAME",
      arity = "0..*",
      description = "of an attack, a defense, a metric, ...; default: all names")
  private List<String> names = List.of();

  @Spec private CommandSpec spec;

  private final Catalog catalog = new Algorithms();

  @Override
  public Integer call() {
    PrintWriter out = spec.commandLine().getOut();
    if (names.isEmpty()) {
      catalog.axes().all().forEach(axis -> print(axis, out));
      out.printf(LINE, METRIC, String.join(", ", metrics()));
    }
    for (String name : names) {
      List<Kind> kinds =
          Stream.of(Kind.values()).filter(kind -> catalog.names(kind).contains(name)).toList();
      List<Metric> metrics =
          catalog.metrics().stream().filter(metric -> metric.name().equals(name)).toList();
      if (kinds.isEmpty() && metrics.isEmpty()) {
        throw new UsageException(Names.unknown("name", name, all()));
      }
      kinds.forEach(kind -> print(kind, name, out));
      metrics.forEach(metric -> print(metric, out));
    }
    return Main.DONE;
  }

  private void print(Axis axis, PrintWriter out) {
    if (axis.kind().isEmpty()) {
      String standard = Values.text(((Axis.Plain) axis.domain()).standard());
      out.printf(LINE, axis.written(), "default " + standard);
      return;
    }
    Map<String, List<String>> groups = groups(axis.kind().get());
    if (groups.size() == 1) {
      out.printf(LINE, axis.written(), String.join(", ", groups.values().iterator().next()));
      return;
    }
    out.printf(LINE, axis.written(), GROUPED.get(axis.kind().get()));
    groups.forEach((group, members) -> out.printf("  %s: %s%n", group, String.join(", ", members)));
  }

  private Map<String, List<String>> groups(Kind kind) {
    var groups = new LinkedHashMap<String, List<String>>();
    for (String name : catalog.names(kind)) {
      String group = catalog.entry(kind, name).group();
      groups.computeIfAbsent(group, missing -> new ArrayList<>()).add(name);
    }
    return groups;
  }

  private List<String> all() {
    List<String> all = new ArrayList<>();
    Stream.of(Kind.values()).forEach(kind -> all.addAll(catalog.names(kind)));
    all.addAll(metrics());
    return all.stream().distinct().toList();
  }

  private List<String> metrics() {
    return catalog.metrics().stream().map(Metric::name).toList();
  }

  private static void print(Metric metric, PrintWriter out) {
    out.printf("%s %s%n", METRIC, metric.name());
    out.printf("  %-22s %s%n", "heading", metric.heading());
    out.printf("  %-22s %s%n", "unit", metric.unit());
    out.printf("  %-22s %s%n", "better", metric.better());
    out.printf(
        "  %-22s %s%n", "columns of a row", String.join(", ", new TreeSet<>(metric.columns())));
  }

  private void print(Kind kind, String name, PrintWriter out) {
    Catalog.Entry entry = catalog.entry(kind, name);
    TextTable head = table(0);
    head.addRowValues(kind.key() + " " + name);
    TextTable about = table(2);
    if (!entry.summary().isEmpty()) {
      about.addRowValues(entry.summary());
    }
    if (GROUPED.containsKey(kind)) {
      about.addRowValues(GROUPED.get(kind) + ": " + entry.group());
    }
    if (!entry.uses().isEmpty()) {
      about.addRowValues("depends on: " + String.join(", ", entry.uses()));
    }
    if (!entry.presets().isEmpty()) {
      about.addRowValues("presets: " + String.join(", ", entry.presets().keySet()));
    }
    out.print(head);
    out.print(about);
    entry.defaults().forEach((key, value) -> print(entry, key, value, out));
  }

  private void print(Catalog.Entry entry, String key, Object standard, PrintWriter out) {
    TextTable parameter = table(2);
    parameter.addRowValues(key + ": " + Values.text(standard) + others(entry, key, standard));
    out.print(parameter);
    Catalog.Hyperparameter described = entry.documented().get(key);
    TextTable description = table(6);
    if (!described.meaning().isEmpty()) {
      description.addRowValues(described.meaning());
    }
    described
        .choices()
        .forEach(
            (choice, meaning) ->
                description.addRowValues(
                    "- " + choice + (meaning.isEmpty() ? "" : ": " + meaning)));
    out.print(description);
  }

  /** The values that presets have in place of the default. */
  private static String others(Catalog.Entry entry, String key, Object standard) {
    String others =
        entry.presets().entrySet().stream()
            .filter(preset -> !standard.equals(preset.getValue().get(key)))
            .map(preset -> preset.getKey() + " " + Values.text(preset.getValue().get(key)))
            .collect(Collectors.joining(", "));
    return others.isEmpty() ? "" : " (" + others + ")";
  }

  /** One column of wrapped text. */
  private static TextTable table(int indent) {
    var column = new Column(WIDTH, indent, Column.Overflow.WRAP);
    return TextTable.forColumns(Help.defaultColorScheme(Ansi.OFF), column);
  }
}
