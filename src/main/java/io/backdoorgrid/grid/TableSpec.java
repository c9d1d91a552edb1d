package io.backdoorgrid.grid;

import java.util.List;
import java.util.Optional;

/**
 * What the {@code table:} section of a grid file asks for.
 *
 * @param rows axes that make a row, such as {@code attack} or {@code [dataset, attack]}
 * @param columns axes that make a column group, usually {@code defense}
 * @param metrics {@code acc}, {@code asr}, {@code ra}, {@code cross}, {@code seconds}
 * @param published name of a file under {@code results/published/}, without its ending
 */
public record TableSpec(
    List<String> rows, List<String> columns, List<String> metrics, Optional<String> published) {

  /** What is shown where the grid file says nothing. */
  public static final TableSpec DEFAULT =
      new TableSpec(
          List.of("attack"), List.of("defense"), List.of("acc", "asr", "ra"), Optional.empty());
}
