package io.backdoorgrid.cli.option;

import io.backdoorgrid.cli.screen.ProgressJson;
import io.backdoorgrid.cli.screen.ProgressLog;
import io.backdoorgrid.cli.screen.ProgressScreen;
import io.backdoorgrid.cli.screen.Terminal;
import io.backdoorgrid.run.schedule.Progress;
import java.io.PrintWriter;
import picocli.CommandLine.ArgGroup;
import picocli.CommandLine.Option;

/** How progress is shown, on standard error. */
public final class ProgressOptions {

  @ArgGroup(exclusive = true)
  private Kind kind = new Kind();

  private static final class Kind {
    @Option(names = "--quiet", description = "shows no progress, only the table and errors")
    private boolean quiet;

    @Option(
        names = "--json-log",
        description = "shows progress as one JSON object per event and line")
    private boolean json;
  }

  /**
   * @param err standard error
   */
  public Progress to(PrintWriter err) {
    if (kind.quiet) {
      return Progress.NONE;
    }
    if (kind.json) {
      return new ProgressJson(err);
    }
    return Terminal.isInteractive() ? new ProgressScreen(err) : new ProgressLog(err);
  }
}
