package io.backdoorgrid.cli;

import io.backdoorgrid.cli.option.GivenModelOptions;
import io.backdoorgrid.cli.screen.ModelReport;
import io.backdoorgrid.data.NamedNormalization;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.defense.datafree.Lpp;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.run.outside.Behavior;
import io.backdoorgrid.run.outside.GivenImages;
import io.backdoorgrid.run.outside.GivenModel;
import io.backdoorgrid.run.outside.Outliers;
import io.backdoorgrid.run.outside.ReversedTriggers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Tells what can be told of a network that somebody was given. */
@Command(
    name = "inspect",
    description = {
      "Tells what can be told of a network that you were given: what its file is and would do,"
          + " which channels stand out, and on clean images of yours how well it does; with a"
          + " trigger that you suspect, whether it works. It never says that a network is clean."
    },
    mixinStandardHelpOptions = true)
final class InspectCommand implements Callable<Integer> {

  /** Found what {@code --fail-on} names. */
  static final int FOUND = 3;

  /** On what the command is to end with {@link #FOUND}. */
  enum Condition {
    OUTLIERS,
    PICKLE
  }

  @Mixin private GivenModelOptions options;
  @Spec private CommandSpec spec;

  @Option(
      names = "--reference",
      paramLabel = "FILE",
      description = "a network of the same kind that is known to be clean, to compare with")
  private Path reference;

  @Option(
      names = "--reverse-triggers",
      paramLabel = "DIR",
      description =
          "looks for the smallest patch that leads to each class, by Neural Cleanse on --images (up"
              + " to 500 of them; minutes to an hour), and writes those of suspected classes there")
  private Path reversed;

  @Option(
      names = "--fail-on",
      paramLabel = "WHAT",
      split = ",",
      description =
          "ends with exit code 3 if channels stand out (outliers), or if the file would call"
              + " anything on loading in PyTorch (pickle)")
  private List<Condition> failOn = List.of();

  @Override
  public Integer call() throws IOException {
    GivenModel model = options.model();
    Optional<GivenModel> clean = Optional.ofNullable(reference).map(options::read);
    clean.ifPresent(other -> requireSameKind(model, other));
    var report = new ModelReport(spec.commandLine().getOut());
    report.model(model);
    int outlying = outliers(model, clean, report);
    behavior(model, report);
    report.notes(notes(clean.isPresent()));
    options.write(report.json());
    boolean found =
        failOn.contains(Condition.OUTLIERS) && outlying > 0
            || failOn.contains(Condition.PICKLE) && !model.file().calls().isEmpty();
    return found ? FOUND : Main.DONE;
  }

  private static void requireSameKind(GivenModel model, GivenModel other) {
    if (!other.network().name().equals(model.network().name())
        || other.network().width() != model.network().width()) {
      throw new UsageException(
          "--reference %s is a %s of width %d, the model a %s of width %d"
              .formatted(
                  other.path(),
                  other.network().name(),
                  other.network().width(),
                  model.network().name(),
                  model.network().width()));
    }
  }

  private int outliers(GivenModel model, Optional<GivenModel> clean, ModelReport report) {
    List<Outliers> found = outliers(model);
    Optional<List<Outliers>> reference = clean.map(this::outliers);
    for (int i = 0; i < found.size(); i++) {
      int measure = i;
      report.outliers(found.get(i), reference.map(all -> all.get(measure)));
    }
    return found.stream().mapToInt(outliers -> outliers.channels().size()).sum();
  }

  /** Weights alone: the normalization does not matter. */
  private List<Outliers> outliers(GivenModel model) {
    try (Classifier network =
        model.classifier(options.shape(), NamedNormalization.NONE.normalization())) {
      return List.of(
          Outliers.of("clp", new Clp(), network), Outliers.of("lpp", new Lpp(), network));
    }
  }

  private void behavior(GivenModel model, ModelReport report) throws IOException {
    Optional<GivenImages> given = options.images(model);
    if (given.isEmpty() && reversed != null) {
      throw new UsageException("--reverse-triggers needs clean images (--images)");
    }
    if (given.isEmpty()) {
      report.json().put("clean", null);
      report.json().put("trigger", null);
      return;
    }
    GivenImages images = given.get();
    GivenImages.Choice choice = options.normalization(images, model);
    report.images(images, choice);
    var trigger = options.trigger(images.images().shape(), model.network().classes());
    try (Classifier network = model.classifier(images.images().shape(), choice.normalization())) {
      report.behavior(
          Behavior.of(network, images.images(), trigger.map(t -> t.on(images.images()))));
      if (reversed != null) {
        reverse(network, images, report);
      }
    }
  }

  private void reverse(Classifier network, GivenImages images, ModelReport report)
      throws IOException {
    Findings findings = ReversedTriggers.of(network, images.some());
    var files = new ArrayList<Path>();
    for (var picture : findings.pictures().entrySet()) {
      Files.createDirectories(reversed);
      Path file = reversed.resolve(picture.getKey() + ".png");
      Files.write(file, picture.getValue().png());
      files.add(file);
    }
    report.reversed(findings, files);
  }

  private List<String> notes(boolean compared) {
    var notes = new ArrayList<String>();
    notes.add(
        "Clean networks have channels that stand out, too"
            + (compared ? "." : "; --reference shows how many one that you trust has."));
    notes.add(
        "Not tested: any trigger that was not given. Nothing here proves that a network has no"
            + " backdoor.");
    return notes;
  }
}
