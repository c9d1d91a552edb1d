package io.backdoorgrid.store.row;

import java.util.Collection;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * Where rows come from, beside their settings: data, code, kind of device, libraries. Numbers that
 * are averaged or compared should agree in it; otherwise a difference between them may have another
 * cause than the one that a table suggests.
 */
public final class Provenance {

  /** Enough of a digest to tell two apart. */
  private static final int SHOWN = 8;

  /**
   * @param shown what counts of the column's text
   */
  private record Aspect(String column, String name, UnaryOperator<String> shown) {}

  private static final Aspect DATA =
      new Aspect(
          Row.DATA_DIGEST,
          "data digest",
          digest -> digest.substring(0, Math.min(SHOWN, digest.length())));

  private static final List<Aspect> OTHERS =
      List.of(
          new Aspect(Row.COMMIT, "commit", UnaryOperator.identity()),
          new Aspect(Row.DEVICE, "device", device -> device.replaceFirst("\\(.*", "")),
          new Aspect(Row.ARITHMETIC, "arithmetic", UnaryOperator.identity()),
          new Aspect(Row.PYTORCH, "PyTorch", UnaryOperator.identity()),
          new Aspect(Row.DJL, "DJL", UnaryOperator.identity()));

  private Provenance() {}

  /** The columns of rows that {@link #differences} looks at. */
  public static Set<String> columns() {
    return Stream.concat(Stream.of(DATA), OTHERS.stream())
        .map(Aspect::column)
        .collect(Collectors.toSet());
  }

  /**
   * What some rows disagree in, such as {@code commit (2 of a1b2c3d, 1 of e4f5a6b)}. A row that
   * does not tell agrees with all.
   *
   * @param dataset of a row; rows of different data sets may have different data
   * @return empty if they agree
   */
  public static List<String> differences(Collection<Row> rows, Function<Row, ?> dataset) {
    Stream<String> data =
        rows.stream().collect(Collectors.groupingBy(dataset)).values().stream()
            .flatMap(ofOneDataset -> difference(DATA, ofOneDataset))
            .sorted();
    return Stream.concat(data, OTHERS.stream().flatMap(aspect -> difference(aspect, rows)))
        .toList();
  }

  private static Stream<String> difference(Aspect aspect, Collection<Row> rows) {
    TreeMap<String, Long> counts =
        rows.stream()
            .map(row -> row.text(aspect.column()))
            .filter(text -> !text.isEmpty())
            .collect(Collectors.groupingBy(aspect.shown(), TreeMap::new, Collectors.counting()));
    return counts.size() < 2
        ? Stream.empty()
        : Stream.of(
            counts.entrySet().stream()
                .map(count -> count.getValue() + " of " + count.getKey())
                .collect(Collectors.joining(", ", aspect.name() + " (", ")")));
  }
}
