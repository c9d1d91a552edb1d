package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.DataOptions;
import io.backdoorgrid.cli.option.GridOptions;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.run.view.VictimExport;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Takes networks out of a store. */
@Command(
    name = "export",
    description = {
      "Writes the trained victims of a grid, or what its defenses made of them, as files that"
          + " others read: safetensors, or a state_dict that torch.load(weights_only=True) reads,"
          + " under the names of BackdoorBench and pytorch-cifar. With --only some of them."
    },
    mixinStandardHelpOptions = true)
final class ExportCommand implements Callable<Integer> {

  /** The kinds of files. */
  enum Format {
    SAFETENSORS,
    PT
  }

  @Mixin private GridOptions grid;
  @Mixin private DataOptions data;
  @Mixin private ConfOptions conf;
  @Spec private CommandSpec spec;

  @Option(
      names = "--to",
      paramLabel = "DIR",
      description = "the folder for the files; default: ${DEFAULT-VALUE}",
      defaultValue = "results/models")
  private String to;

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "safetensors or pt; default: ${DEFAULT-VALUE}",
      defaultValue = "safetensors")
  private Format format;

  @Option(
      names = "--repaired",
      description =
          "the network of each finished trial, defended again from its victim, instead of victims")
  private boolean repaired;

  @Override
  public Integer call() {
    Plan plan = grid.plan();
    PrintWriter err = spec.commandLine().getErr();
    var options =
        new VictimExport.Options(
            grid.out(plan),
            conf.hadoop(),
            data.directory(),
            to,
            format == Format.SAFETENSORS ? Container.SAFETENSORS : Container.PYTORCH,
            repaired,
            Runtime.getRuntime().availableProcessors());
    List<String> files = VictimExport.write(plan, options, err::println);
    files.forEach(spec.commandLine().getOut()::println);
    int wanted = repaired ? plan.trials().size() : plan.victims().size();
    return files.size() == wanted ? Main.DONE : Main.FAILED;
  }
}
