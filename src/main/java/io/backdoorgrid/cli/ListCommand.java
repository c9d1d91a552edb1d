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
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what a grid file may name. */
@Command(
    name = "list",
    description = {
      "Lists what a grid file may name; of a name, its hyperparameters with their defaults, and in"
          + " what presets differ from these. What they mean is in the Javadoc of its record."
    },
    mixinStandardHelpOptions = true)
final class ListCommand implements Callable<Integer> {

  private static final String LINE = "%-12s %s%n";
  private static final String METRIC = "metric";

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
    String values =
        axis.kind().isPresent()
            ? String.join(", ", catalog.names(axis.kind().get()))
            : "default " + Values.text(((Axis.Plain) axis.domain()).standard());
    out.printf(LINE, axis.written(), values);
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
    out.printf("%s %s%n", kind.key(), name);
    entry.defaults().forEach((key, value) -> out.printf("  %-22s %s%n", key, Values.text(value)));
    entry
        .presets()
        .forEach(
            (preset, values) ->
                out.printf("  %-22s %s%n", "preset: " + preset, changes(entry, values)));
    if (!entry.uses().isEmpty()) {
      out.printf("  %-22s %s%n", "depends on", String.join(", ", entry.uses()));
    }
  }

  private static String changes(Catalog.Entry entry, Map<String, Object> values) {
    String changes =
        values.entrySet().stream()
            .filter(value -> !value.getValue().equals(entry.defaults().get(value.getKey())))
            .map(value -> value.getKey() + "=" + Values.text(value.getValue()))
            .collect(Collectors.joining(" "));
    return changes.isEmpty() ? "the defaults" : changes;
  }
}
