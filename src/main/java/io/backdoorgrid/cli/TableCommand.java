package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.cli.option.TableOptions;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.store.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Makes the table of a grid from the stored rows. */
@Command(
    name = "table",
    description = "Shows the table of a grid, as far as it is done; also while it runs.",
    mixinStandardHelpOptions = true)
final class TableCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private TableOptions table;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    table.check(plan);
    Store store = Store.openForReading(grid.out(plan), conf.hadoop());
    CommandLine commands = spec.commandLine();
    boolean shown = table.print(PlanStatus.of(plan, store), commands.getOut(), commands.getErr());
    return shown ? Main.DONE : Main.FAILED;
  }
}
