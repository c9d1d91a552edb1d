package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.Verification;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Checks whether a store is as it was written. */
@Command(
    name = "verify",
    description = "Checks everything in a store against its digest; names what is damaged.",
    mixinStandardHelpOptions = true)
final class VerifyCommand implements Callable<Integer> {

  @Parameters(paramLabel = "STORE", description = "the folder that was given to --out")
  private String store;

  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  /** What lies in a folder: {@code victims} holds each {@code victim}. */
  private static String singular(String folder) {
    return folder.replaceFirst("s$", "");
  }

  @Override
  public Integer call() {
    Verification found = Store.openForReading(store, conf.hadoop()).verify();
    PrintWriter out = spec.commandLine().getOut();
    out.printf(
        "%s: %s sound, %,d damaged%n",
        store,
        found.sound().entrySet().stream()
            .map(entry -> Counts.of(entry.getValue(), singular(entry.getKey())))
            .collect(Collectors.joining(", ")),
        found.damaged().size());
    found.damaged().forEach(file -> out.printf("  damaged  %s%n", file));
    found.leftovers().forEach(path -> out.printf("  unused   %s%n", path));
    return found.damaged().isEmpty() ? Main.DONE : Main.FAILED;
  }
}
