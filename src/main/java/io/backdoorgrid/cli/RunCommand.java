package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.DataOptions;
import io.backdoorgrid.cli.option.DeviceOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.cli.option.ProgressOptions;
import io.backdoorgrid.cli.option.TableOptions;
import io.backdoorgrid.cli.screen.Summary;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.RunOptions;
import io.backdoorgrid.run.Runs;
import io.backdoorgrid.run.schedule.PlanStatus;
import io.backdoorgrid.store.StoreException;
import java.io.PrintWriter;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs a grid, or goes on with one. */
@Command(
    name = "run",
    description =
        "Runs what is missing of a grid and shows its table. The same command resumes a run that was cut off.",
    mixinStandardHelpOptions = true)
class RunCommand implements Callable<Integer> {

  @Mixin GridOptions grid;
  @Mixin private DataOptions data;
  @Mixin private TableOptions table;
  @Mixin ConfOptions conf;
  @Mixin private DeviceOptions device;
  @Mixin private ProgressOptions progress;
  @Mixin private OnFinish onFinish;
  @Spec CommandSpec spec;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "cores per task; default: 1, or more if there are fewer victims than cores")
  private Integer threads;

  @Option(
      names = "--master",
      paramLabel = "URL",
      description = "Spark's master; default: this machine")
  private String master;

  @Option(names = "--retry-failed", description = "tries failed trials again")
  private boolean retryFailed;

  @Option(names = "--fail-fast", description = "ends at the first trial that fails")
  private boolean failFast;

  @Option(names = "--wait", description = "waits while another run writes the same results")
  private boolean wait;

  @Override
  public Integer call() {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads must be at least 1, got " + threads);
    }
    Plan plan = grid.plan();
    table.check(plan);
    if (plan.trials().isEmpty()) {
      throw new UsageException(
          "%s has nothing to run: skipped %s"
              .formatted(plan.name(), String.join("; ", Summary.skips(plan))));
    }
    Optional<String> asked = Optional.ofNullable(master);
    Runs.cluster(asked).ifPresent(device::refuseGpus);
    var options =
        new RunOptions(
            grid.out(plan),
            data.directory(),
            threads == null ? OptionalInt.empty() : OptionalInt.of(threads),
            asked,
            device.gpus(),
            conf.settings(),
            retryFailed,
            failFast,
            wait);
    PrintWriter out = spec.commandLine().getOut();
    PrintWriter err = spec.commandLine().getErr();
    PlanStatus done = run(plan, options, err);
    out.println();
    boolean shown = table.print(done, out, err);
    String summary = Summary.of(done, grid.out(plan));
    out.printf("%n%s%n", summary);
    out.flush();
    onFinish.finished(done, grid.out(plan), summary, err);
    return shown && done.failures().isEmpty() && done.pending().isEmpty() ? Main.DONE : Main.FAILED;
  }

  private PlanStatus run(Plan plan, RunOptions options, PrintWriter err) {
    try {
      return Runs.run(plan, options, progress.to(err));
    } catch (RunException | StoreException | BadDataException e) {
      onFinish.cutOff(plan.name(), grid.out(plan), e.getMessage(), err);
      throw e;
    }
  }
}
