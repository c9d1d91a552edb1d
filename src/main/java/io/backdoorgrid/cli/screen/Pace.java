package io.backdoorgrid.cli.screen;

import io.backdoorgrid.cli.option.Durations;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.schedule.CostModel;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.task.Outcome;

/**
 * The progress of a run and the time for the rest: the estimated cost of everything, corrected by
 * what finished victims really took, spread over the cores. Cells differ by orders of magnitude, so
 * counting them would be misleading.
 */
final class Pace {

  private static final double SECONDS_PER_HOUR = 3_600;

  private final CostModel costs;
  private final int cores;
  private final int before;
  private final int total;
  private final double pendingCost;
  private final long start = System.nanoTime();
  private int done;
  private double correction = 1;

  Pace(PlanStatus workload, int cores) {
    this.costs = CostModel.of(workload.plan().trials(), workload.rows());
    this.cores = cores;
    this.before = workload.rows().size();
    this.total = workload.pending().size();
    this.pendingCost = workload.pendingSeconds(costs);
  }

  void ended(Trial trial, Outcome outcome) {
    done++;
    if (outcome instanceof Outcome.Finished finished) {
      correction = costs.correction(trial.victim(), finished.row()).orElse(correction);
    }
  }

  /** Such as {@code 3 of 8 trials done}, with those that earlier runs did. */
  String done() {
    return "%,d of %s done".formatted(before + done, Counts.of(before + total, "trial"));
  }

  private double elapsed() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Such as {@code 3/8, 92 per hour, 1 min 20 s left}. */
  @Override
  public String toString() {
    double left = done == total ? 0 : Math.max(1, pendingCost * correction / cores - elapsed());
    return "%d/%d, %.0f per hour, %s left"
        .formatted(done, total, done * SECONDS_PER_HOUR / elapsed(), Durations.text(left));
  }
}
