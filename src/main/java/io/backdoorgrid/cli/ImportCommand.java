package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.Imports;
import io.backdoorgrid.store.Store;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Begins a grid with rows that were measured elsewhere. */
@Command(
    name = "import",
    description =
        "Takes rows of a grid that were measured elsewhere, such as results/measured/*/rows.csv.",
    mixinStandardHelpOptions = true)
final class ImportCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Option(names = "--rows", paramLabel = "FILE", required = true, description = "a CSV of rows")
  private List<Path> files;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    if (Store.find(grid.out(plan), conf.hadoop()).isEmpty()) {
      // Nothing is made for rows that are refused.
      requireSome(Imports.rehearse(plan, files), plan);
    }
    Imports.Result done = Imports.run(plan, Store.open(grid.out(plan), conf.hadoop()), files);
    requireSome(done, plan);
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %s taken, %,d known before, %,d of other grids left out; results in %s%n",
        plan.name(), Counts.of(done.taken(), "row"), done.known(), done.foreign(), grid.out(plan));
    if (!done.unknownColumns().isEmpty()) {
      out.printf(
          "  kept, but unknown to this version: column %s%n",
          String.join(", ", done.unknownColumns()));
    }
    return Main.DONE;
  }

  private void requireSome(Imports.Result done, Plan plan) {
    if (done.taken() + done.known() == 0) {
      throw new UsageException(
          "no row of %s belongs to %s: %,d are of other trials"
              .formatted(
                  files.stream().map(Path::toString).collect(Collectors.joining(", ")),
                  plan.name(),
                  done.foreign()));
    }
  }
}
