package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;

/**
 * Progress as lines with their time, for log files. A few trials get a line each; of many, each
 * victim gets one if there are few of these, and otherwise there is one a minute. Failures always
 * do.
 */
public class ProgressLog implements Progress {

  /** So many trials, or victims, get a line each. */
  static final int FEW = 100;

  private static final Duration BETWEEN_LINES = Duration.ofMinutes(1);
  private static final Duration BETWEEN_NOTES = Duration.ofSeconds(10);
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss ", Locale.ROOT);

  private final PrintWriter out;
  private final Clock clock;
  private Pace pace;
  private Function<Trial, String> labels;
  private boolean fewTrials;
  private boolean fewVictims;
  private Instant lastLine;
  private Instant lastNotes = Instant.MIN;
  private List<String> running = List.of();
  private volatile boolean silent;

  public ProgressLog(PrintWriter out) {
    this(out, Clock.systemDefaultZone());
  }

  ProgressLog(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void waiting(String reason) {
    line(reason);
  }

  @Override
  public void started(PlanStatus workload, Slots slots) {
    pace = new Pace(workload, slots, clock);
    labels = Cells.labels(workload.plan());
    fewTrials = workload.pending().size() <= FEW;
    fewVictims =
        workload.pending().stream()
                .map(trial -> trial.victim().id())
                .distinct()
                .limit(FEW + 1)
                .count()
            <= FEW;
    lastLine = clock.instant();
    line(
        "%s: %s to do, %s to train, %,d done before, on %s"
            .formatted(
                workload.plan().name(),
                Counts.of(workload.pending().size(), "trial"),
                Counts.of(workload.victimsToTrain().size(), "victim"),
                workload.rows().size(),
                slots.where()));
    Summary.skips(workload.plan()).forEach(line -> line("skipped " + line));
  }

  @Override
  public void ended(Trial trial, Outcome outcome) {
    pace.ended(trial, outcome);
    boolean due = Duration.between(lastLine, clock.instant()).compareTo(BETWEEN_LINES) >= 0;
    if (fewTrials
        || outcome instanceof Outcome.Failed
        || fewVictims && pace.isVictimDone(trial)
        || due) {
      lastLine = clock.instant();
      line("[%s] %s".formatted(pace, Outcomes.text(labels.apply(trial), outcome)));
    }
  }

  @Override
  public void lost(String job, int attempt, String place, String reason) {
    line("lost attempt %d at %s, %s: %s".formatted(attempt, job, place, reason));
  }

  @Override
  public void running(List<String> notes) {
    Duration pause = fewTrials ? BETWEEN_NOTES : BETWEEN_LINES;
    if (!notes.equals(running) && !clock.instant().minus(pause).isBefore(lastNotes)) {
      notes.stream().filter(note -> !running.contains(note)).forEach(this::line);
      running = notes;
      lastNotes = clock.instant();
    }
  }

  @Override
  public void interrupted(int done) {
    silent = true;
    print(
        "interrupted: %s done and stored; the same command goes on"
            .formatted(Counts.of(done, "trial")));
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
    write(TIME.format(ZonedDateTime.now(clock)) + text);
  }

  final void write(String text) {
    out.println(text);
    out.flush();
  }
}
