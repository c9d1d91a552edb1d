package io.backdoorgrid.cli;

import io.backdoorgrid.analysis.Analysis;
import io.backdoorgrid.analysis.AnalysisSettings;
import io.backdoorgrid.analysis.AnalysisSettings.TriggeredLabels;
import io.backdoorgrid.analysis.MapNorm;
import io.backdoorgrid.analysis.Tap;
import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.DataOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.view.Analyses;
import java.io.PrintWriter;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Looks into the victims of a grid. */
@Command(
    name = "analyse",
    aliases = "analyze",
    description = {
      "Analyzes the stored victims of a grid, and writes the numbers behind the papers' figures as CSV:"
          + " channels.csv, correlations.csv, image-correlations.csv, salience.csv, rises.csv, embedding.csv,"
          + " neurons.csv, pruning.csv. Trains nothing. Files of an earlier call are replaced."
    },
    mixinStandardHelpOptions = true)
final class AnalyseCommand implements Callable<Integer> {

  @Mixin private GridOptions grid;
  @Mixin private DataOptions data;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Option(
      names = "--what",
      paramLabel = "NAME",
      split = ",",
      description = {
        "channels: how much the trigger changes each, beside what CLP and LPP prune by;",
        "salience: how much each input of the last layer matters, clean and triggered, and how far the"
            + " trigger moves the logits through it;",
        "embedding: these inputs on a plane, by t-SNE;",
        "heads: the scores of the neurons that hp prunes, and ACC and ASR as they are pruned;",
        "default: ${DEFAULT-VALUE}"
      },
      defaultValue = "channels,salience,embedding")
  private List<Analysis> what;

  @Option(
      names = "--images",
      paramLabel = "N",
      description =
          "test images to look at; default: 500 without and with the trigger, for the embedding"
              + " 1000 and a fifth of that")
  private Integer images;

  @Option(
      names = "--tap",
      paramLabel = "NAME",
      description =
          "where changes are measured: conv-out, post-bn-pre-relu or post-relu; default:"
              + " ${DEFAULT-VALUE}",
      defaultValue = "post-bn-pre-relu")
  private Tap tap;

  @Option(
      names = "--norm",
      paramLabel = "NAME",
      description = "of a channel's change: l2 or l1-sum; default: ${DEFAULT-VALUE}",
      defaultValue = "l2")
  private MapNorm norm;

  @Option(
      names = "--triggered-labels",
      paramLabel = "NAME",
      description =
          "the labels of triggered images in the salience: wanted, the attacker's class, or true;"
              + " default: ${DEFAULT-VALUE}",
      defaultValue = "wanted")
  private TriggeredLabels labels;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that operators use; default: as many as there are cores")
  private Integer threads;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "where the files are written; default: analysis/ in the results")
  private String to;

  @Override
  public Integer call() {
    if (threads != null && threads < 1) {
      throw new UsageException("--threads must be at least 1, got " + threads);
    }
    Plan plan = grid.plan();
    var options =
        new Analyses.Options(
            grid.out(plan),
            conf.hadoop(),
            Optional.ofNullable(to),
            data.directory(),
            threads == null ? Runtime.getRuntime().availableProcessors() : threads,
            EnumSet.copyOf(what),
            settings());
    PrintWriter out = spec.commandLine().getOut();
    var progress = new Progress(spec.commandLine().getErr(), plan.victims());
    Analyses.run(plan, options, progress).forEach(out::println);
    return progress.complete ? Main.DONE : Main.FAILED;
  }

  private AnalysisSettings settings() {
    OptionalInt count = images == null ? OptionalInt.empty() : OptionalInt.of(images);
    try {
      return new AnalysisSettings(count, tap, norm, labels);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  /** A line for each victim and analysis. */
  private static final class Progress implements Analyses.Listener {
    private final PrintWriter err;
    private final List<Victim> victims;
    private boolean complete = true;

    Progress(PrintWriter err, List<Victim> victims) {
      this.err = err;
      this.victims = victims;
    }

    @Override
    public void begins(Victim victim, Analysis analysis) {
      err.printf(
          "[%d/%d] %s: %s%n", victims.indexOf(victim) + 1, victims.size(), name(victim), analysis);
      err.flush();
    }

    @Override
    public void missing(Victim victim, String reason) {
      complete = false;
      err.printf("%s %s%n", name(victim), reason);
      err.flush();
    }

    private static String name(Victim victim) {
      return "victim %s (%s, %s, seed %d)"
          .formatted(victim.id(), victim.dataset().name(), victim.attack().name(), victim.seed());
    }
  }
}
