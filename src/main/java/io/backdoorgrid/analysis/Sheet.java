package io.backdoorgrid.analysis;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.List;
import java.util.OptionalDouble;

/**
 * The result of an analysis, one observation per line.
 *
 * @param name such as {@code channels}
 * @param columns names in kebab-case
 * @param lines each with a value for every column: a text, a whole number, a {@link Double} or an
 *     {@link OptionalDouble}, which is empty where the quantity is not defined
 */
public record Sheet(String name, List<String> columns, List<List<?>> lines) {

  public Sheet {
    for (List<?> line : lines) {
      require(
          line.size() == columns.size(),
          "%s has the columns %s, but a line %s",
          name,
          columns,
          line);
    }
  }
}
