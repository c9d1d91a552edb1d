package io.backdoorgrid.run.victim;

import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Function;

/**
 * How a classifier behaves.
 *
 * @param values in percent; what is undefined is left out, such as the ASR of a clean model, or a
 *     metric that came after the classifier was measured
 */
public record Measures(Map<Evaluated, Double> values) {

  public Measures {
    var defined = new HashMap<>(values);
    defined.values().removeIf(value -> value.isNaN());
    values = Map.copyOf(defined);
  }

  /** Into the description of what was measured, such as a victim's. */
  public void describe(Map<String, Object> description) {
    for (Evaluated metric : Metrics.EVALUATED) {
      if (values.containsKey(metric)) {
        description.put(metric.column(), values.get(metric));
      }
    }
  }

  static Measures of(Map<String, Object> description) {
    var values = new LinkedHashMap<Evaluated, Double>();
    for (Evaluated metric : Metrics.EVALUATED) {
      if (description.get(metric.column()) instanceof Number number) {
        values.put(metric, number.doubleValue());
      }
    }
    return new Measures(values);
  }

  /**
   * The columns of a row.
   *
   * @param name of a metric's column, {@link Evaluated#column} or {@link Evaluated#victimColumn}
   */
  public Map<String, Object> columns(Function<Evaluated, String> name) {
    var columns = new LinkedHashMap<String, Object>();
    for (Evaluated metric : Metrics.EVALUATED) {
      if (metric.inEveryRow() || values.containsKey(metric)) {
        columns.put(name.apply(metric), values.get(metric));
      }
    }
    return columns;
  }
}
