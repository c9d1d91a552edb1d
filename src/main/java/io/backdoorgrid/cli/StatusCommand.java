package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.Durations;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.cli.screen.Cells;
import io.backdoorgrid.cli.screen.Summary;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.schedule.CostModel;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.lease.Holder;
import java.io.PrintWriter;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.Function;
import java.util.stream.Collectors;
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
    PlanStatus workload = PlanStatus.of(plan, store);
    PrintWriter out = spec.commandLine().getOut();
    out.printf("%s: %s%n", plan.name(), Summary.of(workload, grid.out(plan)));
    Summary.skips(plan).forEach(line -> out.printf("  skipped  %s%n", line));
    Function<String, String> labels = labels(plan, workload.failures().keySet());
    workload
        .failures()
        .values()
        .forEach(
            f ->
                out.printf(
                    "  failed   %s  %s, %s: %s%n",
                    f.trial(), labels.apply(f.trial()), f.kind(), f.message()));
    workload.damaged().forEach(file -> out.printf("  damaged  %s%n", file));
    if (!workload.pending().isEmpty()) {
      CostModel costs = CostModel.of(plan.trials(), workload.rows());
      out.printf("  left     %s of one core%n", Durations.text(workload.pendingSeconds(costs)));
    }
    printRunning(store, out);
    return workload.failures().isEmpty() && workload.damaged().isEmpty() ? Main.DONE : Main.FAILED;
  }

  /** Of the trials that are wanted; labels of all would have to look at all. */
  private static Function<String, String> labels(Plan plan, Set<String> wanted) {
    if (wanted.isEmpty()) {
      return id -> id;
    }
    Function<Trial, String> labels = Cells.labels(plan);
    Map<String, Trial> trials =
        plan.trials().stream()
            .filter(trial -> wanted.contains(trial.id().toString()))
            .collect(Collectors.toMap(trial -> trial.id().toString(), trial -> trial));
    return id -> labels.apply(trials.get(id));
  }

  /** What tasks note is old news once their driver is dead. */
  private static void printRunning(Store store, PrintWriter out) {
    Optional<Holder> holder = store.holder();
    if (holder.isPresent() && holder.get().lives()) {
      out.printf("  driver   %s%n", holder.get().driver());
      store.notes().values().forEach(note -> out.printf("  running  %s%n", note));
    } else {
      holder.ifPresent(
          dead -> out.printf("  stopped  %s, which ended before its run%n", dead.driver()));
    }
  }
}
