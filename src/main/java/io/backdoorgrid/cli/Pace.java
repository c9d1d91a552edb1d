package io.backdoorgrid.cli;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.CostModel;
import io.backdoorgrid.run.Workload;
import java.util.HashSet;
import java.util.Set;

/** How far a run is and how long the rest takes, by cost: cells differ by orders of magnitude. */
final class Pace {

  private static final double SECONDS_PER_HOUR = 3_600;

  private final CostModel costs;
  private final Set<Victim> untrained;
  private final int total;
  private final double pendingCost;
  private final long start = System.nanoTime();
  private int done;
  private double doneCost;

  Pace(Workload workload) {
    this.costs = CostModel.of(workload.plan().trials(), workload.rows());
    this.untrained = new HashSet<>(workload.victimsToTrain());
    this.total = workload.pending().size();
    this.pendingCost = workload.pendingSeconds(costs);
  }

  /** A trial ended, and with its first one a victim is there. */
  void ended(Trial trial) {
    done++;
    doneCost += costs.seconds(trial);
    if (untrained.remove(trial.victim())) {
      doneCost += costs.seconds(trial.victim());
    }
  }

  int done() {
    return done;
  }

  int total() {
    return total;
  }

  private double elapsed() {
    return (System.nanoTime() - start) / 1e9;
  }

  /** Such as {@code 3/8, 92.1 per hour, 1 min 20 s left}. */
  @Override
  public String toString() {
    String left =
        doneCost == 0
            ? "about " + Durations.text(pendingCost) + " of one core left"
            : Durations.text(elapsed() * (pendingCost - doneCost) / doneCost) + " left";
    return "%d/%d, %.0f per hour, %s"
        .formatted(done, total, done * SECONDS_PER_HOUR / elapsed(), left);
  }
}
