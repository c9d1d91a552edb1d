package io.backdoorgrid.analysis;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.wiper.HeadImportance;
import io.backdoorgrid.defense.wiper.HeadImportance.Measure;
import io.backdoorgrid.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * How much the inputs of the last layer matter for clean images, and how much for triggered ones
 * (figures 3 and 4 of the WIPER paper): the neurons of a backdoor matter for triggered images and
 * little, or less than nothing, for clean ones.
 *
 * <p>Beside it stands how much the trigger acts through each of them, which shows whether a defense
 * that goes by salience finds the right ones.
 *
 * <p>The loss of triggered images uses the attacker's labels, so the important neurons are those
 * that the backdoor needs; with the true labels they are those that would resist it. Clean and
 * triggered images are drawn independently of each other.
 */
final class Salience {

  private static final int IMAGES = 500;

  private Salience() {}

  static List<Sheet> sheets(Subject subject, AnalysisSettings settings) {
    int count = settings.images().orElse(IMAGES);
    LabeledImages test = subject.test();
    Map<Measure, double[]> clean =
        HeadImportance.of(
            subject.classifier(),
            test.select(Samples.of(test.size(), count, Samples.random("clean"))));
    Optional<Pairs> drawn =
        subject.pairs().map(pairs -> pairs.sample(count, Samples.random("triggered")));
    Optional<Map<Measure, double[]>> triggered =
        drawn.map(pairs -> HeadImportance.of(subject.classifier(), triggered(pairs, settings)));

    var lines = new ArrayList<List<?>>();
    for (Measure measure : Measure.values()) {
      double[] values = clean.get(measure);
      for (int j = 0; j < values.length; j++) {
        OptionalDouble beside =
            triggered.isPresent()
                ? OptionalDouble.of(triggered.get().get(measure)[j])
                : OptionalDouble.empty();
        lines.add(List.of(j, name(measure), values[j], beside));
      }
    }
    var sheets = new ArrayList<Sheet>();
    sheets.add(new Sheet("salience", List.of("neuron", "measure", "clean", "triggered"), lines));
    drawn.ifPresent(pairs -> sheets.add(rises(subject.classifier(), pairs)));
    return sheets;
  }

  /**
   * The effect of the trigger through each neuron: by how much more it raises the logit of the
   * wanted class than that of the true one on triggered images, {@code (h'_j - h_j) (w_wanted,j -
   * w_true,j)} in the mean. The sum over all neurons is by how much the backdoor moves the two
   * logits apart.
   */
  private static Sheet rises(Classifier classifier, Pairs pairs) {
    int neurons = classifier.dimension();
    float[] weights = classifier.head().weight().toFloatArray();
    double[] rises = new double[neurons];
    try (NDManager scope = classifier.manager().newSubManager()) {
      float[] before = classifier.features(scope, pairs.clean()).toFloatArray();
      float[] after = classifier.features(scope, pairs.triggered()).toFloatArray();
      for (int i = 0; i < before.length; i++) {
        int j = i % neurons;
        int wanted = pairs.wanted()[i / neurons];
        int label = pairs.clean().labels()[i / neurons];
        float weight = weights[wanted * neurons + j] - weights[label * neurons + j];
        rises[j] += (after[i] - before[i]) * weight / pairs.size();
      }
    }
    var lines = new ArrayList<List<?>>();
    for (int j = 0; j < neurons; j++) {
      lines.add(List.of(j, rises[j]));
    }
    return new Sheet("rises", List.of("neuron", "rise"), lines);
  }

  private static LabeledImages triggered(Pairs pairs, AnalysisSettings settings) {
    return switch (settings.labels()) {
      case WANTED -> pairs.asWanted();
      case TRUE -> pairs.triggered();
    };
  }

  private static String name(Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
