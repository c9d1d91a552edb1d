package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.report.Json;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.store.row.Row;
import java.io.PrintWriter;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Progress for programs: one JSON object per event and line, with its time in UTC. */
public final class ProgressJson implements Progress {

  private final PrintWriter out;
  private final Clock clock;
  private Function<Trial, String> labels;
  private int pending;
  private int ended;
  private List<String> running = List.of();

  public ProgressJson(PrintWriter out) {
    this(out, Clock.systemUTC());
  }

  ProgressJson(PrintWriter out, Clock clock) {
    this.out = out;
    this.clock = clock;
  }

  @Override
  public void waiting(String reason) {
    write("waiting", Map.of("reason", reason));
  }

  @Override
  public void started(PlanStatus workload, Slots slots) {
    labels = Cells.labels(workload.plan());
    pending = workload.pending().size();
    var event = new LinkedHashMap<String, Object>();
    event.put("plan", workload.plan().name());
    event.put("trials", pending);
    event.put("victims-to-train", workload.victimsToTrain().size());
    event.put("done-before", workload.rows().size());
    event.put("skipped", workload.plan().skips());
    event.put("tasks", slots.tasks());
    event.put("threads", slots.threads());
    event.put("on", slots.where());
    write("started", event);
  }

  @Override
  public void ended(Trial trial, Outcome outcome) {
    ended++;
    var event = new LinkedHashMap<String, Object>();
    event.put("trial", trial.id().toString());
    event.put("victim", trial.victim().id().toString());
    event.put("label", labels.apply(trial));
    event.put("ended", ended);
    event.put("of", pending);
    if (outcome instanceof Outcome.Failed failed) {
      event.put("kind", failed.failure().kind().toString());
      event.put("message", failed.failure().message());
      write("failed", event);
    } else {
      Row row = ((Outcome.Finished) outcome).row();
      Metrics.STANDARD.forEach(
          metric -> metric.of(row::number).ifPresent(value -> event.put(metric.name(), value)));
      write("finished", event);
    }
  }

  @Override
  public void lost(String job, int attempt, String place, String reason) {
    write("lost", Map.of("job", job, "attempt", attempt, "place", place, "reason", reason));
  }

  @Override
  public void running(List<String> notes) {
    if (!notes.equals(running)) {
      running = notes;
      write("running", Map.of("notes", notes));
    }
  }

  @Override
  public void interrupted(int done) {
    write("interrupted", Map.of("done", done));
  }

  @Override
  public void finished() {
    write("ended", Map.of("ended", ended, "of", pending));
  }

  private void write(String event, Map<String, Object> more) {
    var json = new LinkedHashMap<String, Object>();
    json.put("time", clock.instant().truncatedTo(ChronoUnit.MILLIS).toString());
    json.put("event", event);
    json.putAll(more);
    out.println(Json.line(json));
    out.flush();
  }
}
