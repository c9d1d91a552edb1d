package io.backdoorgrid.report.table;

import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.report.Json;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * An object with a list of cells, one per cell and metric, for other programs; numbers unrounded.
 * What the table leaves empty has no cell, and a cell has no member for what it has no value of.
 */
public record JsonTable() implements TableFormat {
  @Override
  public String render(Table table) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("title", table.title());
    json.put("rows", table.rowAxes());
    json.put("columns", table.columnAxes());
    json.put("metrics", table.metrics().stream().map(JsonTable::metric).toList());
    json.put("cells", cells(table));
    json.put("caption", table.caption());
    json.put("doubts", table.doubts());
    return Json.pretty(json) + "\n";
  }

  private static Map<String, Object> metric(Metric metric) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("name", metric.name());
    json.put("unit", metric.unit().toString());
    json.put("better", metric.better().toString());
    return json;
  }

  private static List<Map<String, Object>> cells(Table table) {
    List<Map<String, Object>> cells = new ArrayList<>();
    for (Table.Line line : table.lines()) {
      for (int i = 0; i < line.cells().size(); i++) {
        Cell cell = line.cells().get(i);
        if (cell.status() != Cell.Status.ABSENT) {
          Map<String, Object> json = new LinkedHashMap<>();
          put(json, table.rowAxes(), line.labels());
          put(json, table.columnAxes(), table.groups().get(i / table.metrics().size()).values());
          cells.add(cell(cell, json, table));
        }
      }
    }
    return cells;
  }

  private static void put(Map<String, Object> json, List<String> axes, List<String> labels) {
    for (int i = 0; i < axes.size(); i++) {
      json.put(axes.get(i), labels.get(i));
    }
  }

  private static Map<String, Object> cell(Cell cell, Map<String, Object> labels, Table table) {
    Map<String, Object> json = new LinkedHashMap<>();
    json.put("labels", labels);
    json.put("metric", cell.metric().name());
    json.put("status", cell.status().toString());
    cell.mean().ifPresent(mean -> json.put("mean", mean));
    cell.deviation().ifPresent(deviation -> json.put("std", deviation));
    json.put("n", cell.measured());
    json.put("of", cell.planned());
    cell.published().ifPresent(published -> json.put("published", Double.valueOf(published)));
    cell.difference().ifPresent(difference -> json.put("difference", difference));
    if (cell.best()) {
      json.put("best", true);
    }
    json.put("notes", cell.notes().stream().map(note -> table.footnotes().get(note - 1)).toList());
    return json;
  }
}
