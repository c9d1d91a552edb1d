package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.screen.Sizes;
import io.backdoorgrid.store.Garbage;
import io.backdoorgrid.store.Store;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Frees what a store keeps without need. */
@Command(
    name = "gc",
    description =
        "Deletes for good what no result needs: leftovers of killed and removed work, findings that"
            + " no row names, checkpoints of trained victims, failures of trials that have a row.",
    mixinStandardHelpOptions = true)
final class GcCommand implements Callable<Integer> {

  @Parameters(paramLabel = "STORE", description = "the folder that was given to --out")
  private String store;

  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Option(names = "--dry-run", description = "only shows it")
  private boolean dryRun;

  @Override
  public Integer call() {
    Store opened = Store.openForReading(store, conf.hadoop());
    Garbage found = dryRun ? opened.garbage() : opened.removeGarbage();
    PrintWriter out = spec.commandLine().getOut();
    if (found.kinds().isEmpty()) {
      out.printf("%s: nothing to delete%n", store);
    }
    found
        .kinds()
        .forEach(
            (kind, items) ->
                out.printf(
                    "%s %,d %s, %s%n",
                    dryRun ? "would delete" : "deleted",
                    items.size(),
                    kind,
                    Sizes.text(found.bytes(kind))));
    return Main.DONE;
  }
}
