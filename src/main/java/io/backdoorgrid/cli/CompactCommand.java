package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Compacted;
import java.util.concurrent.Callable;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Makes few files of a store's many. */
@Command(
    name = "compact",
    description =
        "Merges the rows of a store, one file each, into few files, which are read much faster.",
    mixinStandardHelpOptions = true)
final class CompactCommand implements Callable<Integer> {

  @Parameters(paramLabel = "STORE", description = "the folder that was given to --out")
  private String store;

  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Override
  public Integer call() {
    Configuration hadoop = conf.hadoop();
    Store.openForReading(store, hadoop);
    Compacted done = Store.open(store, hadoop).compact();
    spec.commandLine()
        .getOut()
        .printf(
            "%s: merged %s of %s into %,d%n",
            store,
            Counts.of(done.rows(), "row"),
            Counts.of(done.removed(), "file"),
            done.written());
    return Main.DONE;
  }
}
