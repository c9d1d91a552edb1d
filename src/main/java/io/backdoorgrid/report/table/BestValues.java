package io.backdoorgrid.report.table;

import io.backdoorgrid.grid.Values;
import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metric.Better;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Chooses the best value of a line for each metric. A defense that destroys the model has the
 * lowest ASR of all, so only models that keep their ACC can be the best.
 *
 * @param within how many points of the undefended model's ACC they may lose
 * @param decimals to which percentages are printed: what prints the same is equally good
 */
record BestValues(List<Metric> metrics, double within, int decimals) {

  /** What bold type means. */
  String remark() {
    return "Bold: the best of a line among models that have not collapsed and keep their ACC within %s points."
        .formatted(Values.text(within));
  }

  /**
   * Marks the best cells of a line, if there are at least two to compare.
   *
   * @param cells group by group, the metrics of each together
   * @param groups what became of the trials of each group
   * @param defended for each group, whether it shows a defense; the undefended model is no
   *     competitor
   */
  List<Cell> mark(List<Cell> cells, List<SeedResults> groups, List<Boolean> defended) {
    List<Cell> marked = new ArrayList<>(cells);
    for (int m = 0; m < metrics.size(); m++) {
      int first = m;
      List<Integer> compared =
          IntStream.range(0, groups.size())
              .filter(defended::get)
              .map(group -> first + group * metrics.size())
              .filter(i -> cells.get(i).status() == Cell.Status.MEASURED)
              .boxed()
              .toList();
      if (compared.size() > 1 && metrics.get(m).better() != Better.NEITHER) {
        List<Integer> eligible =
            compared.stream().filter(i -> groups.get(i / metrics.size()).keepsAcc(within)).toList();
        best(metrics.get(m), cells, eligible).forEach(i -> marked.set(i, cells.get(i).asBest()));
      }
    }
    return marked;
  }

  /** All that print like the best one. */
  private List<Integer> best(Metric metric, List<Cell> cells, List<Integer> eligible) {
    Comparator<Double> order =
        metric.better() == Better.HIGHER ? Comparator.naturalOrder() : Comparator.reverseOrder();
    Optional<Double> best = eligible.stream().map(i -> printed(cells.get(i))).max(order);
    return eligible.stream().filter(i -> best.equals(Optional.of(printed(cells.get(i))))).toList();
  }

  private double printed(Cell cell) {
    double mean = cell.mean().getAsDouble();
    int places = cell.metric().unit().decimals(mean, decimals);
    return Double.parseDouble(CellText.number(mean, places));
  }
}
