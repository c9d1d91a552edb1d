package io.backdoorgrid.cli.option;

import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.run.view.SmallTraining;
import picocli.CommandLine.Option;

/** How networks are trained that are needed on the spot. */
public final class SmallTrainingOptions {

  @Option(
      names = "--model",
      paramLabel = "MODEL",
      description =
          "the network that is trained where an attack needs one; default: ${DEFAULT-VALUE}",
      defaultValue = "resnet18: {width: 8}")
  private String model;

  @Option(
      names = "--epochs",
      paramLabel = "N",
      description = "of that training; default: ${DEFAULT-VALUE}",
      defaultValue = "2")
  private int epochs;

  @Option(
      names = "--train-images",
      paramLabel = "N",
      description = "training images for it and for the attack; default: ${DEFAULT-VALUE}",
      defaultValue = "2000")
  private int images;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that operators use; default: as many as there are cores")
  private Integer threads;

  public SmallTraining training() {
    int cores = Runtime.getRuntime().availableProcessors();
    try {
      return new SmallTraining(
          SingleSpec.read("--model", model, Kind.MODEL, "network").spec(),
          epochs,
          images,
          threads == null ? cores : threads);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }
}
