package io.backdoorgrid.cli.screen;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import io.backdoorgrid.store.Failure;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is printed while a run goes on, by a clock that stands still until it is moved. */
class ProgressTest {

  private static final Slots ONE_CORE = new Slots(1, 1, "1 core");

  @TempDir Path folder;

  private final StringWriter err = new StringWriter();
  private final PrintWriter out = new PrintWriter(err, true);
  private final HandClock clock = new HandClock();

  private static final class HandClock extends Clock {
    private Instant now = Instant.parse("2026-01-02T03:04:05Z");

    void move(double seconds) {
      now = now.plusMillis((long) (1000 * seconds));
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  private Plan plan(int seeds, String defenses) {
    return Grids.plan(
        folder,
        "{name: p, victims: {dataset: cifar10, model: resnet18, attack: badnets, seed: %s}, defenses: %s}"
            .formatted(IntStream.range(0, seeds).boxed().toList(), defenses));
  }

  private static Outcome finished(Trial trial, double trainSeconds, double seconds) {
    return new Outcome.Finished(trial.id().toString(), Grids.row(trial, trainSeconds, seconds));
  }

  private static Outcome failed(Trial trial) {
    return new Outcome.Failed(
        trial.id().toString(),
        new Failure(
            trial.id().toString(),
            trial.victim().id().toString(),
            Failure.Kind.DIVERGED,
            "the loss is NaN",
            "",
            0,
            ""));
  }

  private List<String> lines() {
    return err.toString().lines().toList();
  }

  /** One core: what the first victim took, the second will take; clp took 6 s and is left once. */
  @Test
  void tellsTimeAndTheRestByFinishedWorkOfTheSameKind() {
    Plan plan = plan(2, "[none, clp]");
    List<Trial> trials = plan.trials();
    var log = new ProgressLog(out, clock);
    log.started(PlanStatus.untouched(plan), ONE_CORE);
    clock.move(300);
    log.ended(trials.get(0), finished(trials.get(0), 300, 0));
    clock.move(6);
    log.ended(trials.get(1), finished(trials.get(1), 300, 6));
    clock.move(120);
    log.ended(trials.get(2), failed(trials.get(2)));
    clock.move(10);
    log.ended(trials.get(3), failed(trials.get(3)));
    assertThat(lines().get(0))
        .isEqualTo(
            "2026-01-02 03:04:05 p: 4 trials to do, 2 victims to train, 0 done before, on 1 core");
    assertThat(lines().get(1))
        .startsWith(
            "2026-01-02 03:09:05 [1/4, 5 min 00 s, about 5 min left, 1 core] badnets, seed 0");
    assertThat(lines().get(2)).contains(" [2/4, 5 min 06 s, about 5 min left, 1 core] ");
    assertThat(lines().get(3))
        .contains(" [3/4, 7 min 06 s, about 10 s left, 1 core] ")
        .endsWith("badnets, seed 1, none: failed, diverged: the loss is NaN");
    assertThat(lines().get(4)).contains(" [4/4, 7 min 16 s, 1 core] ");
  }

  @Test
  void promisesNothingBeforeTheFirstResultAndNothingThatIsOver() {
    Plan plan = plan(2, "none");
    var pace = new Pace(PlanStatus.untouched(plan), new Slots(2, 1, "2 cores"), clock);
    clock.move(30);
    assertThat(pace).hasToString("0/2, 30 s, 2 cores");
    Trial first = plan.trials().get(0);
    clock.move(30);
    pace.ended(first, finished(first, 60, 0));
    assertThat(pace).hasToString("1/2, 1 min 00 s, about 60 s left, 2 cores");
    clock.move(40);
    assertThat(pace).hasToString("1/2, 1 min 40 s, about 20 s left, 2 cores");
    assertThat(pace.rest()).isEqualTo("about 20 s left, 2 cores");
    clock.move(40);
    assertThat(pace).hasToString("1/2, 2 min 20 s, longer than estimated, 2 cores");
  }

  /** Four victims on four tasks take as long as one; the last two of them, too. */
  @Test
  void knowsHowManyVictimsAreLeftToRunSideBySide() {
    Plan plan = plan(6, "none");
    var pace = new Pace(PlanStatus.untouched(plan), new Slots(4, 1, "4 cores"), clock);
    for (Trial trial : plan.trials().subList(0, 4)) {
      pace.ended(trial, finished(trial, 600, 0));
    }
    assertThat(pace).hasToString("4/6, 0 s, about 10 min left, 4 cores");
  }

  /** 150 trials of three victims: a line each, and each failure. */
  @Test
  void tellsOfVictimsWhereTrialsAreMany() {
    Plan plan = plan(3, "{clp: {u: {from: 1, to: 50, step: 1}}}");
    var log = new ProgressLog(out, clock);
    log.started(PlanStatus.untouched(plan), ONE_CORE);
    for (int i = 0; i < 150; i++) {
      Trial trial = plan.trials().get(i);
      log.ended(trial, i == 10 ? failed(trial) : finished(trial, 1, 1));
    }
    assertThat(lines()).hasSize(1 + 3 + 1);
    assertThat(lines().get(1)).contains("[11/150, ").contains("failed");
    assertThat(lines().get(2)).contains("[50/150, ");
    assertThat(lines().get(4)).contains("[150/150, ");
  }

  @Test
  void tellsOnceAMinuteWhereVictimsAreMany() {
    Plan plan = plan(150, "none");
    var log = new ProgressLog(out, clock);
    log.started(PlanStatus.untouched(plan), ONE_CORE);
    for (Trial trial : plan.trials()) {
      clock.move(1);
      log.ended(trial, finished(trial, 1, 0));
      log.running(List.of("training " + trial.id()));
    }
    assertThat(lines().stream().filter(line -> line.contains("/150, "))).hasSize(2);
    assertThat(lines().stream().filter(line -> line.contains("training "))).hasSize(3);
  }

  @Test
  void tellsNotesOnceInTenSeconds() {
    Plan plan = plan(1, "none");
    var log = new ProgressLog(out, clock);
    log.started(PlanStatus.untouched(plan), ONE_CORE);
    for (int epoch = 1; epoch <= 21; epoch++) {
      log.running(List.of("epoch " + epoch));
      clock.move(1);
    }
    assertThat(lines().subList(1, lines().size()))
        .containsExactly(
            "2026-01-02 03:04:05 epoch 1",
            "2026-01-02 03:04:15 epoch 11",
            "2026-01-02 03:04:25 epoch 21");
  }

  @Test
  void saysNothingAfterAnInterruption() {
    Plan plan = plan(2, "none");
    var log = new ProgressLog(out, clock);
    log.started(PlanStatus.untouched(plan), ONE_CORE);
    log.ended(plan.trials().get(0), finished(plan.trials().get(0), 1, 0));
    log.interrupted(1);
    log.lost("badnets: none", 1, "executor driver", "killed");
    assertThat(lines())
        .last()
        .isEqualTo(
            "2026-01-02 03:04:05 interrupted: 1 trial done and stored; the same command goes on");
  }

  @Test
  void programsGetAnObjectPerEvent() throws Exception {
    Plan plan = plan(2, "none");
    List<Trial> trials = plan.trials();
    Progress json = new ProgressJson(out, clock);
    json.waiting("another run");
    json.started(PlanStatus.untouched(plan), ONE_CORE);
    json.running(List.of("epoch 1"));
    json.running(List.of("epoch 1"));
    json.ended(trials.get(0), finished(trials.get(0), 1, 2));
    json.lost("badnets: none", 1, "executor 1 on here", "lost");
    json.ended(trials.get(1), failed(trials.get(1)));
    json.finished();

    var events = new ArrayList<JsonNode>();
    for (String line : lines()) {
      events.add(new ObjectMapper().readTree(line));
    }
    assertThat(events)
        .extracting(event -> event.get("event").asText())
        .containsExactly("waiting", "started", "running", "finished", "lost", "failed", "ended");
    assertThat(events)
        .extracting(event -> event.get("time").asText())
        .containsOnly("2026-01-02T03:04:05Z");
    assertThat(events.get(1).get("trials").asInt()).isEqualTo(2);
    assertThat(events.get(3).get("trial").asText()).isEqualTo(trials.get(0).id().toString());
    assertThat(events.get(3).get("label").asText()).isEqualTo("badnets, seed 0, none");
    assertThat(events.get(3).get("acc").asDouble()).isEqualTo(90);
    assertThat(events.get(3).get("seconds").asDouble()).isEqualTo(2);
    assertThat(events.get(5).get("kind").asText()).isEqualTo("diverged");
    assertThat(events.get(6).get("of").asInt()).isEqualTo(2);
  }
}
