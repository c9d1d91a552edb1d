package io.backdoorgrid.run;

import java.util.HashMap;
import java.util.Map;

/**
 * Billions of multiplications by the kind of work they are part of, such as {@code train badnets}:
 * every kind has a speed of its own.
 */
record Work(Map<String, Double> billions) {

  static final Work NONE = new Work(Map.of());

  static Work of(String kind, double billions) {
    return billions == 0 ? NONE : new Work(Map.of(kind, billions));
  }

  Work plus(Work other) {
    var sum = new HashMap<>(billions);
    other.billions.forEach((kind, more) -> sum.merge(kind, more, Double::sum));
    return new Work(Map.copyOf(sum));
  }
}
