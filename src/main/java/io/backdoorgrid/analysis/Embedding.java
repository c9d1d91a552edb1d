package io.backdoorgrid.analysis;

import io.backdoorgrid.data.LabeledImages;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * The features of images: the last layer's inputs, laid out on a plane by {@link TSne} (figures 1,
 * 7 and 11 of the Hölder Pruning paper). Triggered images of a backdoored network form a cluster of
 * their own beside the classes.
 *
 * <p>As many clean test images of each class as of any other, and a fifth of their number with the
 * trigger on.
 */
final class Embedding {

  private static final int CLEAN = 1_000;
  private static final int CLEAN_PER_TRIGGERED = 5;

  /** Farther directions are mostly noise, and distances in fewer dimensions are cheaper. */
  private static final int DIMENSIONS = 50;

  private Embedding() {}

  static List<Sheet> sheets(Subject subject, AnalysisSettings settings) {
    int count = settings.images().orElse(CLEAN);
    LabeledImages clean = balanced(subject.test(), count, "embedding");
    Optional<LabeledImages> triggered =
        subject
            .pairs()
            .map(
                pairs ->
                    balanced(
                        pairs.triggered(), count / CLEAN_PER_TRIGGERED, "embedding-triggered"));

    var lines = new ArrayList<List<?>>();
    LabeledImages images = triggered.map(more -> join(clean, more)).orElse(clean);
    Features features = Features.of(subject.classifier(), images);
    double[][] places =
        new TSne().embed(Pca.reduce(features.vectors(), DIMENSIONS), Samples.random("t-sne"));
    scale(places);
    for (int i = 0; i < places.length; i++) {
      lines.add(
          List.of(
              places[i][0],
              places[i][1],
              images.labels()[i],
              i < clean.size() ? "clean" : "triggered",
              features.predicted()[i]));
    }
    return List.of(new Sheet("embedding", List.of("x", "y", "label", "group", "predicted"), lines));
  }

  private static LabeledImages balanced(LabeledImages images, int count, String purpose) {
    return images.select(
        Samples.balanced(images.labels(), images.classes(), count, Samples.random(purpose)));
  }

  private static LabeledImages join(LabeledImages first, LabeledImages second) {
    byte[] pixels = Arrays.copyOf(first.pixels(), first.pixels().length + second.pixels().length);
    System.arraycopy(second.pixels(), 0, pixels, first.pixels().length, second.pixels().length);
    int[] labels = Arrays.copyOf(first.labels(), first.size() + second.size());
    System.arraycopy(second.labels(), 0, labels, first.size(), second.size());
    return new LabeledImages(first.shape(), first.classes(), pixels, labels);
  }

  /** Each axis to 0 to 1, in place; all to 0 where they are the same. */
  static void scale(double[][] places) {
    for (int axis = 0; axis < 2; axis++) {
      int c = axis;
      double least = Arrays.stream(places).mapToDouble(place -> place[c]).min().orElse(0);
      double most = Arrays.stream(places).mapToDouble(place -> place[c]).max().orElse(0);
      for (double[] place : places) {
        place[c] = most > least ? (place[c] - least) / (most - least) : 0;
      }
    }
  }
}
