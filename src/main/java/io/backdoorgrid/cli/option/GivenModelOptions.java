package io.backdoorgrid.cli.option;

import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.Picture;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.report.Json;
import io.backdoorgrid.run.outside.GivenImages;
import io.backdoorgrid.run.outside.GivenModel;
import io.backdoorgrid.run.outside.GivenTrigger;
import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Options about a network that somebody was given: its file, images, a trigger. */
public final class GivenModelOptions {

  private static final String AUTO = "auto";

  @Mixin private DataOptions data;

  @Parameters(
      paramLabel = "MODEL",
      description =
          "a safetensors file, or one of torch.save: a state_dict, a checkpoint, a whole module;"
              + " nothing in it is run")
  private Path model;

  @Option(
      names = "--weights",
      paramLabel = "KEY",
      description = "under which a checkpoint has the weights, if it has several")
  private String key;

  @Option(
      names = "--architecture",
      paramLabel = "NAME",
      description = "of the network; default: as names and shapes tell")
  private String architecture;

  @Option(
      names = "--images",
      paramLabel = "DIR",
      description =
          "clean images that the model has not been trained on: a folder with a folder per class,"
              + " in the order of the classes, or a data set's name for its test images")
  private String images;

  @Option(
      names = "--size",
      paramLabel = "N",
      description = "height and width of the model's images; default: ${DEFAULT-VALUE}",
      defaultValue = "32")
  private int size;

  @Option(
      names = "--normalization",
      paramLabel = "NAME",
      description =
          "by which the model was trained, cifar10, kuangliu, imagenet, half or none; default:"
              + " ${DEFAULT-VALUE}, the one with which it does best on the images",
      defaultValue = AUTO)
  private String normalization;

  @Option(
      names = "--trigger",
      paramLabel = "WHAT",
      description =
          "a trigger to try: a picture, or an attack as in a grid file, such as"
              + " 'badnets: {size: 3}'")
  private String trigger;

  @Option(
      names = "--mask",
      paramLabel = "FILE",
      description = "where the picture of --trigger covers images, white on black")
  private Path mask;

  @Option(
      names = "--target",
      paramLabel = "CLASS",
      description = "that the picture of --trigger should cause, counted from 0",
      defaultValue = "-1")
  private int target;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "threads that operators use; default: as many as there are cores")
  private Integer threads;

  @Option(names = "--json", paramLabel = "FILE", description = "writes all of it for programs, too")
  private Path json;

  public GivenModel model() {
    Torch.prepareThread(
        threads == null ? Runtime.getRuntime().availableProcessors() : Math.max(1, threads));
    return read(model);
  }

  /** Another one, of the same kind. */
  public GivenModel read(Path path) {
    return GivenModel.read(path, Optional.ofNullable(key), Optional.ofNullable(architecture));
  }

  /** The shape of its images, as far as it can be known without them. */
  public ImageShape shape() {
    if (size < 8 || size > 224) {
      throw new UsageException("--size must be from 8 to 224, got " + size);
    }
    return new ImageShape(size, size, 3);
  }

  /** Empty if there are none. */
  public Optional<GivenImages> images(GivenModel given) {
    if (images == null) {
      if (trigger != null) {
        throw new UsageException("--trigger needs --images to put it on");
      }
      return Optional.empty();
    }
    return Optional.of(images("--images", images, given, false));
  }

  /**
   * Images of an option's folder or data set.
   *
   * @param training whether a data set's training images are meant, not those for tests
   */
  public GivenImages images(String option, String from, GivenModel given, boolean training) {
    if (Files.isDirectory(Path.of(from))) {
      return GivenImages.of(Path.of(from), shape(), given);
    }
    var dataset = SingleSpec.read(option, from, Kind.DATASET, "data set").spec();
    return GivenImages.of(dataset, Path.of(data.directory()), given, training);
  }

  public GivenImages.Choice normalization(GivenImages from, GivenModel given) {
    try {
      return from.normalization(
          Optional.of(normalization).filter(name -> !name.equals(AUTO)), given);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  /**
   * @param shape of the images
   */
  public Optional<GivenTrigger> trigger(ImageShape shape, int classes) {
    if (trigger == null) {
      return Optional.empty();
    }
    try {
      GivenTrigger given =
          Files.isRegularFile(Path.of(trigger))
              ? picture(shape, classes)
              : GivenTrigger.of(
                  SingleSpec.read("--trigger", trigger, Kind.ATTACK, "attack").spec(), shape);
      given.goal().check(classes);
      return Optional.of(given);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--trigger: " + e.getMessage());
    }
  }

  private GivenTrigger picture(ImageShape shape, int classes) {
    if (target < 0 || target >= classes) {
      throw new UsageException(
          "--trigger %s needs --target, a class from 0 to %d".formatted(trigger, classes - 1));
    }
    return GivenTrigger.of(
        decode(Path.of(trigger)), Optional.ofNullable(mask).map(this::decode), target, shape);
  }

  /** Where it was asked for, writes what was told. */
  public void write(Map<String, Object> told) throws IOException {
    if (json != null) {
      Files.writeString(json, Json.pretty(told) + "\n");
    }
  }

  private Picture decode(Path file) {
    try {
      return Picture.decode(Files.readAllBytes(file));
    } catch (IOException e) {
      throw new UsageException("%s: %s".formatted(file, e.getMessage()));
    }
  }
}
