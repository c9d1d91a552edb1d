package io.backdoorgrid.cli;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.CostModel;
import io.backdoorgrid.run.Workload;
import io.backdoorgrid.store.Rows;
import io.backdoorgrid.store.Store;
import java.io.PrintWriter;
import java.util.List;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Says how far a grid is. */
@Command(
    name = "status",
    description = "Says what of a grid is done, failed and running; also while it runs.",
    mixinStandardHelpOptions = true)
final class StatusCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    Store store = Store.openForReading(grid.out(plan), conf.hadoop());
    Workload workload = Workload.of(plan, store, false);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", plan.name(), Summary.of(workload, grid.out(plan)));
    Summary.skips(plan).forEach(line -> out.printf("  skipped  %s%n", line));
    workload
        .failures()
        .values()
        .forEach(f -> out.printf("  failed   %s  %s: %s%n", f.trial(), f.kind(), f.message()));
    List<Rows.Damaged> damaged = store.rows(Set.of()).damaged();
    damaged.forEach(file -> out.printf("  damaged  %s%n", file));
    store.notes().values().forEach(note -> out.printf("  running  %s%n", note));
    if (!workload.pending().isEmpty()) {
      CostModel costs = CostModel.of(plan.trials(), workload.rows());
      out.printf("  left     %s of one core%n", Durations.text(workload.pendingSeconds(costs)));
    }
    return workload.failures().isEmpty() && damaged.isEmpty() ? Main.DONE : Main.FAILED;
  }
}
