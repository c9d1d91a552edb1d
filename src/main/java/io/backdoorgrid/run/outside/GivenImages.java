package io.backdoorgrid.run.outside;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.NamedNormalization;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.data.set.ImageFolder;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.io.StatedNormalization;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * Clean images for a network that somebody was given, and how it wants them.
 *
 * @param images with their true classes
 * @param known the normalizations that may be meant, by name
 */
public record GivenImages(LabeledImages images, Map<String, Normalization> known) {

  /** What a normalization was chosen by, and how well each does. */
  public record Choice(String name, Normalization normalization, Map<String, Share> accuracies) {}

  /** As many tell the normalizations apart. */
  private static final int TRIED = 500;

  private static final String FILE = "file";

  /**
   * Images of a data set: those for tests, or those for training.
   *
   * @throws BadDataException if it is not there, or has other classes than the model
   */
  public static GivenImages of(
      Spec dataset, Path dataDirectory, GivenModel model, boolean training) {
    DataSet.Images data = DataSets.REGISTRY.create(dataset).load(dataDirectory);
    if (data.test().classes() != model.network().classes()) {
      throw new BadDataException(
          "%s has %d classes, the model %d"
              .formatted(dataset.name(), data.test().classes(), model.network().classes()));
    }
    var known = known(model);
    known.putIfAbsent(dataset.name(), data.normalization());
    return new GivenImages(training ? data.train() : data.test(), known);
  }

  /** The pictures of a folder, see {@link ImageFolder}. */
  public static GivenImages of(Path folder, ImageShape shape, GivenModel model) {
    return new GivenImages(
        ImageFolder.read(folder, shape, model.network().classes()), known(model));
  }

  private static Map<String, Normalization> known(GivenModel model) {
    var known = new LinkedHashMap<String, Normalization>();
    StatedNormalization.of(model.file()).ifPresent(own -> known.put(FILE, own));
    for (NamedNormalization named : NamedNormalization.values()) {
      known.put(named.toString(), named.normalization());
    }
    return known;
  }

  /** The same images, of which only the first or the second half is left. */
  public GivenImages half(boolean second) {
    int[] order = Seed.permutation(images.size(), new Seed("halves").stream("images"));
    int middle = order.length / 2;
    int[] half =
        second ? Arrays.copyOfRange(order, middle, order.length) : Arrays.copyOf(order, middle);
    Arrays.sort(half);
    return new GivenImages(images.select(half), known);
  }

  /**
   * How the network wants its images: as its file says, or else as it does best.
   *
   * @param asked name of the normalization, if it is known
   * @throws IllegalArgumentException if there is none of that name
   */
  public Choice normalization(Optional<String> asked, GivenModel model) {
    Optional<String> certain = asked.or(() -> Optional.of(FILE).filter(known::containsKey));
    if (certain.isPresent()) {
      Normalization normalization = known.get(certain.get());
      if (normalization == null) {
        throw new IllegalArgumentException(
            "normalization must be auto or one of %s, got '%s'"
                .formatted(known.keySet(), certain.get()));
      }
      return new Choice(certain.get(), normalization, Map.of());
    }
    LabeledImages some = some();
    var accuracies = new LinkedHashMap<String, Share>();
    known.forEach(
        (name, normalization) -> {
          try (Classifier network = model.classifier(images.shape(), normalization)) {
            accuracies.put(name, Share.of(network.predict(some), some.labels()));
          }
        });
    String best =
        accuracies.entrySet().stream()
            .reduce((a, b) -> b.getValue().hits() > a.getValue().hits() ? b : a)
            .orElseThrow()
            .getKey();
    return new Choice(best, known.get(best), accuracies);
  }

  /** At most 500 of the images, of all classes. */
  public LabeledImages some() {
    return images.select(spread());
  }

  /** Positions from all over, since folders come class after class. */
  private int[] spread() {
    int[] order = Seed.permutation(images.size(), new Seed("spread").stream("images"));
    return Arrays.copyOf(order, Math.min(TRIED, order.length));
  }
}
