package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.Function;

/** Progress as plain lines, for log files. */
public class ProgressLog implements Progress {

  private final PrintWriter out;
  private Pace pace;
  private Function<Trial, String> labels;
  private List<String> running = List.of();
  private volatile boolean silent;

  public ProgressLog(PrintWriter out) {
    this.out = out;
  }

  @Override
  public void waiting(String reason) {
    line(reason);
  }

  @Override
  public void started(PlanStatus workload, int cores) {
    pace = new Pace(workload, cores);
    labels = Cells.labels(workload.plan());
    line(
        "%s: %s to do, %s to train, %,d done before"
            .formatted(
                workload.plan().name(),
                Counts.of(workload.pending().size(), "trial"),
                Counts.of(workload.victimsToTrain().size(), "victim"),
                workload.rows().size()));
    Summary.skips(workload.plan()).forEach(line -> line("skipped " + line));
  }

  @Override
  public void ended(Trial trial, Outcome outcome) {
    pace.ended(trial, outcome);
    line("[%s] %s".formatted(pace, Outcomes.text(labels.apply(trial), outcome)));
  }

  @Override
  public void lost(String job, int attempt, String place, String reason) {
    line("lost attempt %d at %s, %s: %s".formatted(attempt, job, place, reason));
  }

  @Override
  public void running(List<String> notes) {
    if (!notes.equals(running)) {
      notes.stream().filter(note -> !running.contains(note)).forEach(this::line);
      running = notes;
    }
  }

  @Override
  public void interrupted() {
    silent = true;
    String done = pace == null ? "nothing was started" : pace.done() + " stay";
    print("interrupted: " + done + "; the same command goes on");
  }

  @Override
  public void finished() {}

  final Pace pace() {
    return pace;
  }

  private void line(String text) {
    // What Spark says of its end is no news.
    if (!silent) {
      print(text);
    }
  }

  void print(String text) {
    out.println(text);
    out.flush();
  }
}
