package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.host.Slots;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.run.task.Outcome;
import java.util.List;

/** No progress at all, for those who want the table alone. */
public final class ProgressNone implements Progress {

  @Override
  public void waiting(String reason) {}

  @Override
  public void started(PlanStatus workload, Slots slots) {}

  @Override
  public void ended(Trial trial, Outcome outcome) {}

  @Override
  public void lost(String job, int attempt, String place, String reason) {}

  @Override
  public void running(List<String> notes) {}

  @Override
  public void interrupted(int done) {}

  @Override
  public void finished() {}
}
