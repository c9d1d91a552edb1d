package io.backdoorgrid.cli;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.store.Store;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Runs again what is done. */
@Command(
    name = "redo",
    description =
        "Removes the results of a grid, or with --only some of them, and runs them again. Until gc,"
            + " the files of the old ones are in .tmp below the results.",
    mixinStandardHelpOptions = true)
final class RedoCommand extends RunCommand {

  @Mixin private Forgetting forgetting;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    String out = grid.out(plan);
    Store store = Store.openForReading(out, conf.hadoop());
    boolean forgotten =
        forgetting.apply(plan, store, out, ", and runs them again", spec.commandLine().getErr());
    return forgotten ? super.call() : Main.DONE;
  }
}
