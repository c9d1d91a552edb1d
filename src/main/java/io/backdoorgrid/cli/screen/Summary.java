package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.schedule.PlanStatus;
import java.util.List;

/** How far a plan is, in a few words. */
public final class Summary {

  private Summary() {}

  public static String of(PlanStatus workload, String out) {
    var text = new StringBuilder();
    text.append(
        "%,d of %s done"
            .formatted(
                workload.rows().size(), Counts.of(workload.plan().trials().size(), "trial")));
    if (!workload.failures().isEmpty()) {
      text.append(
          ", %,d failed (--retry-failed tries them again)".formatted(workload.failures().size()));
    }
    int skipped = workload.plan().cells().size() - workload.plan().trials().size();
    if (skipped > 0) {
      text.append(", %,d skipped".formatted(skipped));
    }
    if (!workload.pending().isEmpty()) {
      text.append(", %,d to do".formatted(workload.pending().size()));
    }
    return text.append("; results in ").append(out).toString();
  }

  /** What is left out of a run, a line for each reason. */
  public static List<String> skips(Plan plan) {
    return plan.skips().entrySet().stream()
        .map(skip -> Counts.of(skip.getValue(), "trial") + ", " + skip.getKey())
        .toList();
  }
}
