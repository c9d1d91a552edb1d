package io.backdoorgrid.cli;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.option.GivenModelOptions;
import io.backdoorgrid.cli.screen.ModelReport;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.NamedNormalization;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.read.SpecOption;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.run.host.Version;
import io.backdoorgrid.run.outside.Behavior;
import io.backdoorgrid.run.outside.GivenImages;
import io.backdoorgrid.run.outside.GivenModel;
import io.backdoorgrid.run.outside.Repair;
import io.backdoorgrid.run.outside.Repair.Need;
import io.backdoorgrid.train.DivergedException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Runs defenses on a network that somebody was given, and writes what is left. */
@Command(
    name = "defend",
    description = {
      "Runs defenses on a network that you were given and compares them; writes the repaired"
          + " network under the names, in the container and in the types of the file it came in."
    },
    mixinStandardHelpOptions = true)
final class DefendCommand implements Callable<Integer> {

  @Mixin private GivenModelOptions options;
  @Spec private CommandSpec spec;

  @Option(
      names = "--defense",
      paramLabel = "DEFENSE",
      required = true,
      description =
          "as in a grid file: clp, 'clp: {u: 3}' or '[clp, {lpp: {upper: [2.5, 3]}}]'; may be"
              + " repeated")
  private List<String> defenses;

  @Option(
      names = "--training",
      paramLabel = "DIR",
      description =
          "all images that the model was trained on, poisoned ones included, for defenses that look"
              + " at them: a folder like that of --images, or a data set's name")
  private String training;

  @Option(
      names = "--output",
      paramLabel = "FILE",
      description = "the repaired network; of several defenses a folder for them; never overwrites")
  private Path output;

  /** The images of the user, and what they are for. */
  private record Data(
      Normalization normalization,
      Optional<LabeledImages> repairing,
      Optional<LabeledImages> training,
      Optional<LabeledImages> measuring,
      Optional<Backdoor.Triggered> triggered) {

    /** What a defense looks at; null for one that looks at nothing. */
    LabeledImages wanted(Defense defense) {
      return switch (Need.of(defense)) {
        case CLEAN_IMAGES -> repairing.orElseThrow();
        case TRAINING_IMAGES -> training.orElseThrow();
        case NOTHING, EXTRACTOR -> null;
      };
    }

    /** One or the other, which are of one shape. */
    Optional<ImageShape> shape() {
      return measuring.or(() -> training).map(LabeledImages::shape);
    }
  }

  @Override
  public Integer call() throws IOException {
    GivenModel model = options.model();
    List<SpecOption> specs = specs();
    Optional<GivenImages> given = options.images(model);
    Optional<GivenImages> trained =
        Optional.ofNullable(training).map(from -> options.images("--training", from, model, true));
    specs.forEach(chosen -> requireNeeds(chosen, given.isPresent(), trained.isPresent()));
    Map<SpecOption, Path> files = files(specs, model);
    var report = new ModelReport(spec.commandLine().getOut());
    report.model(model);
    Data data = data(model, specs, given, trained, report);
    boolean diverged = false;
    try (Classifier network =
        model.classifier(data.shape().orElse(options.shape()), data.normalization())) {
      Optional<Behavior> before = behavior(network, data);
      report.repairsHead(before);
      for (SpecOption chosen : specs) {
        try (Classifier copy = network.copy()) {
          Defense defense = defense(chosen);
          Repair repair = Repair.of(defense, copy, data.wanted(defense));
          report.repair(
              chosen.label(),
              repair.findings().counts(),
              repair.seconds(),
              before,
              behavior(copy, data));
          if (files.containsKey(chosen)) {
            write(files.get(chosen), model, copy, chosen);
          }
        } catch (DivergedException e) {
          spec.commandLine().getErr().printf("%s diverged: %s%n", chosen.label(), e.getMessage());
          diverged = true;
        } catch (IllegalArgumentException e) {
          throw new UsageException("%s: %s".formatted(chosen.label(), e.getMessage()));
        }
      }
    }
    report.notes(notes(data));
    options.write(report.json());
    return diverged ? Main.FAILED : Main.DONE;
  }

  private List<SpecOption> specs() {
    var specs = new ArrayList<SpecOption>();
    for (String text : defenses) {
      specs.addAll(SpecOption.read("--defense " + text, text, Kind.DEFENSE, new Algorithms()));
    }
    return specs;
  }

  private static Defense defense(SpecOption chosen) {
    return Defenses.REGISTRY.create(chosen.spec());
  }

  private static void requireNeeds(SpecOption chosen, boolean hasImages, boolean hasTraining) {
    Need need = Need.of(defense(chosen));
    if (need == Need.EXTRACTOR
        || need == Need.CLEAN_IMAGES && !hasImages
        || need == Need.TRAINING_IMAGES && !hasTraining) {
      throw new UsageException("%s needs %s".formatted(chosen.label(), need));
    }
  }

  /** Images with which a defense repairs do not tell what it is worth. */
  private Data data(
      GivenModel model,
      List<SpecOption> specs,
      Optional<GivenImages> given,
      Optional<GivenImages> trained,
      ModelReport report) {
    Optional<LabeledImages> all = trained.map(GivenImages::images);
    Optional<GivenImages> any = given.or(() -> trained);
    if (any.isEmpty()) {
      return new Data(
          NamedNormalization.NONE.normalization(),
          Optional.empty(),
          all,
          Optional.empty(),
          Optional.empty());
    }
    GivenImages.Choice choice = options.normalization(any.get(), model);
    report.images(any.get(), choice);
    if (given.isEmpty()) {
      return new Data(
          choice.normalization(), Optional.empty(), all, Optional.empty(), Optional.empty());
    }
    boolean halves =
        specs.stream().anyMatch(chosen -> Need.of(defense(chosen)) == Need.CLEAN_IMAGES);
    LabeledImages measuring = halves ? given.get().half(true).images() : given.get().images();
    return new Data(
        choice.normalization(),
        halves ? Optional.of(given.get().half(false).images()) : Optional.empty(),
        all,
        Optional.of(measuring),
        options
            .trigger(measuring.shape(), model.network().classes())
            .map(trigger -> trigger.on(measuring)));
  }

  private static Optional<Behavior> behavior(Classifier network, Data data) {
    return data.measuring().map(images -> Behavior.of(network, images, data.triggered()));
  }

  private Map<SpecOption, Path> files(List<SpecOption> specs, GivenModel model) throws IOException {
    var files = new LinkedHashMap<SpecOption, Path>();
    if (output == null) {
      return files;
    }
    String end = model.file().container() == Container.SAFETENSORS ? ".safetensors" : ".pt";
    if (specs.size() > 1) {
      Files.createDirectories(output);
    }
    for (SpecOption chosen : specs) {
      Path file =
          specs.size() == 1
              ? output
              : output.resolve(chosen.label().replaceAll("[^A-Za-z0-9.=-]+", "-") + end);
      if (Files.exists(file)) {
        throw new UsageException(file + " is there already, and is not overwritten");
      }
      files.put(chosen, file);
    }
    return files;
  }

  private void write(Path file, GivenModel model, Classifier repaired, SpecOption chosen)
      throws IOException {
    var notes = new LinkedHashMap<String, String>();
    notes.put("repaired_by", chosen.label());
    notes.put("repaired_from_sha256", model.sha256());
    notes.put("backdoorgrid", "%s (%s)".formatted(Version.number(), Version.commit()));
    Files.write(
        file,
        model.file().with(model.network().stored(model.file(), repaired.weights()), notes),
        StandardOpenOption.CREATE_NEW);
    spec.commandLine().getErr().printf("%s: written to %s%n", chosen.label(), file);
  }

  private static List<String> notes(Data data) {
    var notes = new ArrayList<String>();
    data.repairing()
        .ifPresent(
            images ->
                notes.add(
                    "Half of the images, %,d, were for repairing, the others for measuring."
                        .formatted(images.size())));
    if (data.measuring().isEmpty()) {
      notes.add("Not measured: what the repair costs; --images shows it.");
    }
    notes.add(
        data.triggered().isEmpty()
            ? "Not tested: whether a backdoor is gone; no trigger was given."
            : "Not tested: any trigger but the one that was given.");
    return notes;
  }
}
