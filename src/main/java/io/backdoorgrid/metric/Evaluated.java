package io.backdoorgrid.metric;

import java.util.Locale;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Function;

/**
 * A metric that is measured by classifying test images, in percent. A row has it twice: for the
 * repaired model and for the undefended victim.
 *
 * @param inEveryRow whether a row has its columns, then empty, even where it is undefined; a metric
 *     that was added later is left out there
 */
public record Evaluated(String name, Better better, boolean inEveryRow) implements Metric {

  @Override
  public String heading() {
    return name.toUpperCase(Locale.ROOT);
  }

  @Override
  public Unit unit() {
    return Unit.PERCENT;
  }

  /** The column with the value after the defense. */
  public String column() {
    return name;
  }

  /** The column with the value before the defense. */
  public String victimColumn() {
    return "victim-" + name;
  }

  @Override
  public Set<String> columns() {
    return Set.of(column());
  }

  @Override
  public OptionalDouble of(Function<String, OptionalDouble> row) {
    return row.apply(column());
  }
}
