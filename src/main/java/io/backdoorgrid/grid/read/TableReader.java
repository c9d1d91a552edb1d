package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.TableSpec;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.metric.Metric;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Reads the {@code table:} section. */
final class TableReader {
  private static final String ROWS = "rows";
  private static final String COLUMNS = "columns";
  private static final String METRICS = "metrics";
  private static final String PUBLISHED = "published";
  private static final String BOLD_WITHIN = "bold-within";

  static final List<String> KEYS = List.of(ROWS, COLUMNS, METRICS, PUBLISHED, BOLD_WITHIN);

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
      case ROWS -> table.withRows(axes(key, node));
      case COLUMNS -> table.withColumns(axes(key, node));
      case METRICS -> table.withMetrics(metrics(node));
      case PUBLISHED -> table.withPublished(GridName.check(key, node));
      default -> table.withBoldWithin(points(node));
    };
  }

  static Map<String, Object> plain(TableSpec table) {
    Map<String, Object> plain = new LinkedHashMap<>();
    plain.put(ROWS, table.rows());
    plain.put(COLUMNS, table.columns());
    plain.put(METRICS, table.metrics().stream().map(Metric::name).toList());
    table.published().ifPresent(name -> plain.put(PUBLISHED, name));
    // Left out at its default: plans were frozen before it existed.
    if (table.boldWithin() != TableSpec.DEFAULT.boldWithin()) {
      plain.put(BOLD_WITHIN, table.boldWithin());
    }
    return plain;
  }

  private List<String> axes(String key, Node node) {
    List<String> written = words(key, node);
    List<Node> items = node.alternatives(key);
    List<String> axes = new ArrayList<>();
    for (int i = 0; i < written.size(); i++) {
      axes.add(Selection.axis(written.get(i), items.get(i).place(), catalog));
    }
    return List.copyOf(axes);
  }

  private List<Metric> metrics(Node node) {
    Map<String, Metric> known = new LinkedHashMap<>();
    catalog.metrics().forEach(metric -> known.put(metric.name(), metric));
    List<String> names = words(METRICS, node);
    for (int i = 0; i < names.size(); i++) {
      if (!known.containsKey(names.get(i))) {
        throw node.alternatives(METRICS)
            .get(i)
            .error(Names.unknown("metric", names.get(i), known.keySet()));
      }
    }
    return names.stream().map(known::get).toList();
  }

  private static double points(Node node) {
    if (node instanceof Node.Scalar scalar
        && scalar.plain() instanceof Number number
        && number.doubleValue() >= 0
        && number.doubleValue() <= 100) {
      return number.doubleValue();
    }
    throw node.error(
        BOLD_WITHIN + " must be a number of points from 0 to 100, got " + node.shown());
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
