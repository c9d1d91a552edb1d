package io.backdoorgrid.metric;

import java.util.HashMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;

/**
 * A metric that follows from columns of a row by a formula. It is computed when it is shown and
 * never stored, so older rows have it, too.
 *
 * @param formula receives the number in each of {@code columns}; it is not evaluated where one of
 *     them is missing
 */
public record Derived(
    String name,
    String heading,
    Unit unit,
    Better better,
    Set<String> columns,
    ToDoubleFunction<ToDoubleFunction<String>> formula)
    implements Metric {

  public Derived {
    columns = Set.copyOf(columns);
  }

  @Override
  public OptionalDouble of(Function<String, OptionalDouble> row) {
    Map<String, Double> numbers = new HashMap<>();
    for (String column : columns) {
      OptionalDouble number = row.apply(column);
      if (number.isEmpty()) {
        return OptionalDouble.empty();
      }
      numbers.put(column, number.getAsDouble());
    }
    return OptionalDouble.of(formula.applyAsDouble(column -> number(numbers, column)));
  }

  /** Rows are often read in part: a column that was not asked for would be missing there. */
  private double number(Map<String, Double> numbers, String column) {
    Double number = numbers.get(column);
    if (number == null) {
      throw new IllegalStateException(
          "metric %s takes column %s, which is not among its columns %s"
              .formatted(name, column, columns));
    }
    return number;
  }
}
