package io.backdoorgrid.cli;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.option.ConfOptions;
import io.backdoorgrid.cli.option.DataOptions;
import io.backdoorgrid.cli.option.SingleSpec;
import io.backdoorgrid.cli.option.SmallTrainingOptions;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.read.SpecOption;
import io.backdoorgrid.picture.ContactSheet;
import io.backdoorgrid.picture.Distortion;
import io.backdoorgrid.picture.Lettering;
import io.backdoorgrid.run.view.SmallTraining;
import io.backdoorgrid.run.view.Specimens;
import io.backdoorgrid.store.Exports;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Shows what attacks do to images. */
@Command(
    name = "show",
    description = {
      "Shows what attacks do to images: draws test images, the same with each trigger, and what"
          + " it changed, as a PNG file; prints how much that is. Where a trigger is made with a"
          + " network, or learned with one, a small one is trained first."
    },
    mixinStandardHelpOptions = true)
final class ShowCommand implements Callable<Integer> {

  private static final String PNG = ".png";
  private static final int MAX_FACTOR = 255;

  /** Of triggered images: with the originals and differences, some 20 million pixels. */
  private static final int MAX_TILES = 1000;

  private static final String LINE = "%%-%ds  %%9s  %%14s  %%14s%%n";

  @Mixin private DataOptions data;
  @Mixin private ConfOptions conf;
  @Mixin private SmallTrainingOptions training;
  @Spec private CommandSpec spec;

  @Parameters(
      paramLabel = "ATTACK",
      arity = "1..*",
      description = "a name, or as in a grid file: 'badnets: {size: 5, corner: top-left}'")
  private List<String> attacks;

  @Option(
      names = "--dataset",
      paramLabel = "NAME",
      description = "whose test images; default: ${DEFAULT-VALUE}",
      defaultValue = "shapes")
  private String dataset;

  @Option(
      names = "--images",
      paramLabel = "N",
      description = "how many, of different classes if possible; default: ${DEFAULT-VALUE}",
      defaultValue = "8")
  private int images;

  @Option(
      names = "--to",
      paramLabel = "FILE",
      description = "the PNG file to write; default: ${DEFAULT-VALUE}",
      defaultValue = "results/attacks.png")
  private String to;

  @Option(
      names = "--amplify",
      paramLabel = "K",
      description =
          "what differences are multiplied by; default: what makes an attack's largest one white,"
              + " at most 20")
  private Integer amplify;

  @Option(
      names = "--seed",
      paramLabel = "S",
      description = "chooses images and random triggers; default: ${DEFAULT-VALUE}",
      defaultValue = "0")
  private long seed;

  @Override
  public Integer call() {
    List<SpecOption> given = given();
    SpecOption source = SingleSpec.read("--dataset", dataset, Kind.DATASET, "data set");
    check(given.size());
    try (Specimens specimens = specimens(source)) {
      List<Exhibit> exhibits = given.stream().map(attack -> exhibit(attack, specimens)).toList();
      String file = write(sheet(source, specimens, exhibits).png());

      PrintWriter out = spec.commandLine().getOut();
      print(exhibits, out);
      out.println(file);
    }
    return Main.DONE;
  }

  private ContactSheet sheet(SpecOption source, Specimens specimens, List<Exhibit> exhibits) {
    var rows = new ArrayList<ContactSheet.Row>();
    var label = new ArrayList<String>(source.settings());
    label.add("original");
    rows.add(new ContactSheet.Row(source.spec().name(), label, specimens.originals()));
    for (Exhibit exhibit : exhibits) {
      rows.addAll(exhibit.rows(amplify == null ? exhibit.distortion().visibleFactor() : amplify));
    }
    return new ContactSheet(rows, Lettering.find());
  }

  private List<SpecOption> given() {
    var catalog = new Algorithms();
    return attacks.stream()
        .flatMap(text -> SpecOption.read(text, text, Kind.ATTACK, catalog).stream())
        .toList();
  }

  private void check(int count) {
    if (images < 1) {
      throw new UsageException("--images must be at least 1, got " + images);
    }
    if (amplify != null && (amplify < 1 || amplify > MAX_FACTOR)) {
      throw new UsageException(
          "--amplify must be from 1 to %d, got %d".formatted(MAX_FACTOR, amplify));
    }
    if ((long) images * count > MAX_TILES) {
      throw new UsageException(
          "%d images under %d attacks are too many for a sheet, which has room for %d"
              .formatted(images, count, MAX_TILES));
    }
    if (!to.toLowerCase(Locale.ROOT).endsWith(PNG)) {
      throw new UsageException("--to must end in .png, got '%s'".formatted(to));
    }
  }

  private Specimens specimens(SpecOption source) {
    SmallTraining small = training.training();
    PrintWriter err = spec.commandLine().getErr();
    try {
      return Specimens.draw(
          source.spec(),
          Path.of(data.directory()).toAbsolutePath(),
          images,
          seed,
          small,
          line -> {
            err.println(line);
            err.flush();
          });
    } catch (IllegalArgumentException e) {
      throw new UsageException("--" + e.getMessage());
    }
  }

  private static Exhibit exhibit(SpecOption attack, Specimens specimens) {
    try {
      LabeledImages triggered = specimens.under(attack.spec());
      return new Exhibit(attack, new Distortion(specimens.originals(), triggered));
    } catch (IllegalArgumentException e) {
      throw new UsageException(attack.label() + ": " + e.getMessage());
    }
  }

  private String write(byte[] png) {
    int slash = to.lastIndexOf('/');
    String folder = slash < 0 ? "." : to.substring(0, slash + 1);
    return Exports.at(folder, conf.hadoop()).write(to.substring(slash + 1), png);
  }

  private static void print(List<Exhibit> exhibits, PrintWriter out) {
    int widest = exhibits.stream().mapToInt(e -> e.attack().label().length()).max().orElseThrow();
    String format = LINE.formatted(Math.max("attack".length(), widest));
    out.printf(format, "attack", "PSNR", "largest change", "changed pixels");
    for (Exhibit exhibit : exhibits) {
      out.printf(
          format,
          exhibit.attack().label(),
          exhibit.psnr(),
          exhibit.largest(),
          exhibit.changedPixels());
    }
  }
}
