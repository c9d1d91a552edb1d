package io.backdoorgrid.cli;

import io.backdoorgrid.bench.Machine;
import io.backdoorgrid.cli.option.Cache;
import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.Durations;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.cli.screen.Cells;
import io.backdoorgrid.cli.screen.PlanJson;
import io.backdoorgrid.cli.screen.Sizes;
import io.backdoorgrid.cli.screen.Summary;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.host.SparkLauncher;
import io.backdoorgrid.run.schedule.BenchedSpeeds;
import io.backdoorgrid.run.schedule.Forecast;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.store.Store;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Says what {@code run} would do. */
@Command(
    name = "plan",
    description =
        "Shows the cells of a grid, what is done already and what the rest costs; runs nothing.",
    mixinStandardHelpOptions = true)
final class PlanCommand implements Callable<Integer> {

  private static final int SHOWN = 3;

  @Mixin private GridOptions grid;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Option(names = "--all", description = "shows every cell, not only the first and last")
  private boolean all;

  @Option(names = "--json", description = "prints one JSON object")
  private boolean json;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    PlanStatus workload = workload(plan, grid.out(plan));
    Slots slots = SparkLauncher.localSlots(plan);
    Forecast forecast =
        Forecast.of(workload, slots, BenchedSpeeds.read(Cache.directory(), Machine.processors()));
    PrintWriter out = spec.commandLine().getOut();
    if (json) {
      out.println(new PlanJson(workload, forecast, slots, grid.out(plan)).text(all));
    } else {
      print(workload, forecast, slots, out);
    }
    return Main.DONE;
  }

  private void print(PlanStatus workload, Forecast forecast, Slots slots, PrintWriter out) {
    Plan plan = workload.plan();
    out.printf(
        "%s: %s on %s%n",
        plan.name(),
        Counts.of(plan.trials().size(), "trial"),
        Counts.of(plan.victims().size(), "victim"));
    if (plan.duplicates() > 0 || plan.excluded() > 0) {
      out.printf(
          "  left out   %s, %,d excluded%n",
          Counts.of(plan.duplicates(), "duplicate"), plan.excluded());
    }
    Summary.skips(plan).forEach(line -> out.printf("  skipped    %s%n", line));
    plan.caption().forEach(line -> out.printf("  %s%n", line));
    out.printf(
        "  done       %s, %,d failed (%s)%n",
        Counts.of(workload.rows().size(), "trial"), workload.failures().size(), grid.out(plan));
    out.printf(
        "  to do      %s, %s to train%s%n",
        Counts.of(workload.pending().size(), "trial"),
        Counts.of(workload.victimsToTrain().size(), "victim"),
        extractors(workload));
    if (!workload.pending().isEmpty()) {
      out.printf(
          "  time       %s to %s on %s of this machine, by %s%n",
          Durations.about(forecast.leastSeconds()),
          Durations.about(forecast.mostSeconds()),
          slots.where(),
          forecast.basis());
      out.printf("  disk       about %s%n", Sizes.text(forecast.bytes()));
    }
    printCells(plan, workload, out);
  }

  private static String extractors(PlanStatus workload) {
    int count = workload.extractorsToTrain().size();
    return count == 0 ? "" : ", " + Counts.of(count, "extractor");
  }

  private PlanStatus workload(Plan plan, String out) {
    return Store.find(out, conf.hadoop())
        .map(store -> PlanStatus.toRun(plan, store, false))
        .orElseGet(() -> PlanStatus.untouched(plan));
  }

  private void printCells(Plan plan, PlanStatus workload, PrintWriter out) {
    List<Trial> cells = plan.cells();
    Function<Trial, String> labels = Cells.labels(plan);
    for (int i = 0; i < cells.size(); i++) {
      if (!all && i == SHOWN && cells.size() > 2 * SHOWN + 1) {
        out.printf("  … %,d more (--all shows them) …%n", cells.size() - 2 * SHOWN);
        i = cells.size() - SHOWN;
      }
      Trial cell = cells.get(i);
      out.printf("  %s %s  %s%n", workload.mark(cell), cell.id(), labels.apply(cell));
    }
  }
}
