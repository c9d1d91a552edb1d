package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.Durations;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.cli.screen.Summary;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.schedule.CostModel;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Rows;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says how far a grid is. */
@Command(
    name = "status",
    description = "Shows what of a grid is done, failed and running; also while it runs.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    Store store = Store.openForReading(grid.out(plan), conf.hadoop());
    PlanStatus workload = PlanStatus.of(plan, store, false);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", plan.name(), Summary.of(workload, grid.out(plan)));
    Summary.skips(plan).forEach(line -> out.printf("  skipped  %s%n", line));
    workload
        .failures()
        .values()
        .forEach(f -> out.printf("  failed   %s  %s: %s%n", f.trial(), f.kind(), f.message()));
    List<Rows.Damaged> damaged = workload.damaged();
    damaged.forEach(file -> out.printf("  damaged  %s%n", file));
    store.notes().values().forEach(note -> out.printf("  running  %s%n", note));
    if (!workload.pending().isEmpty()) {
      CostModel costs = CostModel.of(plan.trials(), workload.rows());
      out.printf("  left     %s of one core%n", Durations.text(workload.pendingSeconds(costs)));
    }
    return workload.failures().isEmpty() && damaged.isEmpty() ? Main.DONE : Main.FAILED;
  }
}
