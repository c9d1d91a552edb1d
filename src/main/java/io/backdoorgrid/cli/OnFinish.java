package io.backdoorgrid.cli;

import io.backdoorgrid.run.schedule.PlanStatus;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Option;

/** A command of the user's that is run when a run ends, to send a mail or start the next step. */
final class OnFinish {

  @Option(
      names = "--on-finish",
      paramLabel = "COMMAND",
      description = {
        "a shell command that is run at the end; it finds in its environment",
        "BACKDOORGRID_PLAN, _OUT, _STATE (done, failed or cut-off), _DONE, _FAILED, _PENDING (numbers"
            + " of trials) and _SUMMARY (one line)"
      })
  private String command;

  /** After a run that came to its end. */
  void finished(PlanStatus done, String out, String summary, PrintWriter err) {
    Map<String, String> variables = new LinkedHashMap<>();
    boolean complete = done.failures().isEmpty() && done.pending().isEmpty();
    variables.put("STATE", complete ? "done" : "failed");
    variables.put("DONE", Integer.toString(done.rows().size()));
    variables.put("FAILED", Integer.toString(done.failures().size()));
    variables.put("PENDING", Integer.toString(done.pending().size()));
    run(done.plan().name(), out, summary, variables, err);
  }

  /** After a run that could not go on, or not begin. */
  void cutOff(String plan, String out, String reason, PrintWriter err) {
    run(plan, out, reason, Map.of("STATE", "cut-off"), err);
  }

  private void run(
      String plan, String out, String summary, Map<String, String> variables, PrintWriter err) {
    if (command == null) {
      return;
    }
    var process = new ProcessBuilder("sh", "-c", command).inheritIO();
    Map<String, String> all = new LinkedHashMap<>(variables);
    all.put("PLAN", plan);
    all.put("OUT", out);
    all.put("SUMMARY", summary);
    all.forEach((name, value) -> process.environment().put("BACKDOORGRID_" + name, value));
    try {
      int exitCode = process.start().waitFor();
      if (exitCode != 0) {
        err.printf("the command of --on-finish ended with exit code %d%n", exitCode);
      }
    } catch (IOException e) {
      err.printf("the command of --on-finish cannot be started: %s%n", e.getMessage());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
