package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axes;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.TableSpec;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** Reads the {@code table:} section. */
final class TableReader {
  static final List<String> KEYS = List.of("rows", "columns", "metrics", "published");
  private static final List<String> METRICS = List.of("acc", "asr", "ra", "cross", "seconds");

  private final Catalog catalog;

  TableReader(Catalog catalog) {
    this.catalog = catalog;
  }

  TableSpec read(Node node) {
    if (!(node instanceof Node.Mapping mapping)) {
      throw node.error("table must be a map, got " + node.shown());
    }
    TableSpec table = TableSpec.DEFAULT;
    for (Map.Entry<String, Node.Member> entry : mapping.members().entrySet()) {
      if (!KEYS.contains(entry.getKey())) {
        throw entry.getValue().place().error(Names.unknown("key of table", entry.getKey(), KEYS));
      }
      table = with(table, entry.getKey(), entry.getValue().value());
    }
    return table;
  }

  /** {@code table} with one of {@link #KEYS} set. */
  TableSpec with(TableSpec table, String key, Node node) {
    return switch (key) {
      case "rows" ->
          new TableSpec(axes(key, node), table.columns(), table.metrics(), table.published());
      case "columns" ->
          new TableSpec(table.rows(), axes(key, node), table.metrics(), table.published());
      case "metrics" ->
          new TableSpec(table.rows(), table.columns(), metrics(node), table.published());
      default ->
          new TableSpec(
              table.rows(),
              table.columns(),
              table.metrics(),
              Optional.of(GridName.check("published", node)));
    };
  }

  static Map<String, Object> plain(TableSpec table) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put("rows", table.rows());
    plain.put("columns", table.columns());
    plain.put("metrics", table.metrics());
    table.published().ifPresent(name -> plain.put("published", name));
    return plain;
  }

  private List<String> axes(String key, Node node) {
    List<String> axes = words(key, node);
    for (int i = 0; i < axes.size(); i++) {
      try {
        Axes.check(axes.get(i), catalog);
      } catch (IllegalArgumentException e) {
        throw node.alternatives(key).get(i).error(e.getMessage());
      }
    }
    return axes;
  }

  private static List<String> metrics(Node node) {
    List<String> metrics = words("metrics", node);
    for (int i = 0; i < metrics.size(); i++) {
      if (!METRICS.contains(metrics.get(i))) {
        throw node.alternatives("metrics")
            .get(i)
            .error(Names.unknown("metric", metrics.get(i), METRICS));
      }
    }
    return metrics;
  }

  private static List<String> words(String key, Node node) {
    List<String> words = new ArrayList<>();
    for (Node item : node.alternatives(key)) {
      if (!(item instanceof Node.Scalar scalar) || scalar.isNothing()) {
        throw item.error(key + " must be a name or a list of names, got " + item.shown());
      }
      words.add(scalar.text());
    }
    return List.copyOf(words);
  }
}
