package io.backdoorgrid.run.task;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.Workspace;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** The tools of a trial's defense, whatever its threat model. */
abstract class TrialWorkspace implements Workspace {

  private final Assignment assignment;
  private final StoredPhases phases;
  private final Findings findings = new Findings();

  TrialWorkspace(Assignment assignment) {
    this.assignment = assignment;
    this.phases =
        new StoredPhases(assignment.victim(), assignment.store(), assignment.unfinished());
  }

  final Trial trial() {
    return assignment.trial();
  }

  /** On what work depends that is done once, beside its name. */
  String scope() {
    return String.format(
        Locale.ROOT,
        "%s %s %s %d",
        trial().victim().id(),
        trial().cleanRatio(),
        trial().defense().name(),
        trial().defense().version());
  }

  /** The seconds to add to the defense's time, as if this trial had run alone. */
  double secondsToAdd() {
    return phases.reusedSeconds();
  }

  /** More columns of the trial's row. */
  Map<String, Object> columns() {
    return Map.of();
  }

  @Override
  public final RandomGenerator random(String purpose) {
    return new Seed(trial().id().toString()).stream(purpose);
  }

  @Override
  public final SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    return phases.once(scope(), what, work);
  }

  @Override
  public final TrainingListener progress(String what) {
    return RunningNote.progress(what, assignment.listener());
  }

  @Override
  public final Findings findings() {
    return findings;
  }
}
