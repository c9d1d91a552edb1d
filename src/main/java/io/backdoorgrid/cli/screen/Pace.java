package io.backdoorgrid.cli.screen;

import io.backdoorgrid.cli.option.Durations;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.RemainingCost;
import io.backdoorgrid.run.task.Outcome;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.OptionalDouble;

/** How far a run is, and how long the rest takes. */
final class Pace {

  private final RemainingCost rest;
  private final Slots slots;
  private final Clock clock;
  private final int total;
  private final Instant start;
  private Instant last;
  private int done;

  Pace(PlanStatus workload, Slots slots, Clock clock) {
    this.rest = new RemainingCost(workload);
    this.slots = slots;
    this.clock = clock;
    this.total = workload.pending().size();
    this.start = clock.instant();
    this.last = start;
  }

  void ended(Trial trial, Outcome outcome) {
    done++;
    last = clock.instant();
    rest.ended(trial, outcome);
  }

  /** Whether the trial was the last of its victim. */
  boolean isVictimDone(Trial trial) {
    return rest.trialsLeft(trial.victim()) == 0;
  }

  private double secondsSince(Instant then) {
    return Duration.between(then, clock.instant()).toMillis() / 1e3;
  }

  private String left() {
    OptionalDouble estimate = rest.seconds(slots);
    if (done == total || estimate.isEmpty()) {
      return "";
    }
    double left = estimate.getAsDouble() - secondsSince(last);
    return left > 0
        ? "about %s left, ".formatted(Durations.about(left))
        : "longer than estimated, ";
  }

  /** Such as {@code about 2 min left, 2 cores}, for where the rest is shown already. */
  String rest() {
    return left() + slots.where();
  }

  /** Such as {@code 3/8, 1 min 05 s, about 2 min left, 2 cores}. */
  @Override
  public String toString() {
    return "%d/%d, %s, %s".formatted(done, total, Durations.text(secondsSince(start)), rest());
  }
}
