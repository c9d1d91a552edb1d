package io.backdoorgrid.run.schedule;

import java.util.HashMap;
import java.util.Map;

/**
 * Billions of multiplications by kind of work, such as {@code train badnets}; every kind has a
 * speed of its own.
 */
record Cost(Map<String, Double> billions) {

  static final Cost NONE = new Cost(Map.of());

  static Cost of(String kind, double billions) {
    return billions == 0 ? NONE : new Cost(Map.of(kind, billions));
  }

  Cost plus(Cost other) {
    var sum = new HashMap<>(billions);
    other.billions.forEach((kind, more) -> sum.merge(kind, more, Double::sum));
    return new Cost(Map.copyOf(sum));
  }
}
