package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.store.Store;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Takes results out of a store. */
@Command(
    name = "delete",
    description =
        "Removes the results of a grid, or with --only some of them. Until gc, their files are in"
            + " .tmp below the results.",
    mixinStandardHelpOptions = true)
final class DeleteCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private ConfOptions conf;
  @Mixin private Forgetting forgetting;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    String out = grid.out(plan);
    Store store = Store.openForReading(out, conf.hadoop());
    forgetting.apply(plan, store, out, "", spec.commandLine().getOut());
    return Main.DONE;
  }
}
