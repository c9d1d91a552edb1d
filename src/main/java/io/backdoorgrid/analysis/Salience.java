package io.backdoorgrid.analysis;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.HeadImportance;
import io.backdoorgrid.defense.HeadImportance.Measure;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.random.RandomGenerator;

/**
 * How much the inputs of the last layer matter for clean images, and how much for triggered ones
 * (figures 3 and 4 of the WIPER paper): the neurons of a backdoor matter for triggered images and
 * little, or less than nothing, for clean ones.
 *
 * <p>The loss of triggered images is that with the attacker's labels, so that what matters is what
 * the backdoor needs; with the true labels it is what would resist it. Clean and triggered images
 * are drawn independently of each other.
 */
final class Salience {

  private static final int IMAGES = 500;

  private Salience() {}

  static List<Sheet> sheets(Subject subject, Settings settings) {
    int count = settings.images().orElse(IMAGES);
    LabeledImages test = subject.test();
    Map<Measure, double[]> clean =
        HeadImportance.of(
            subject.classifier(),
            test.select(Samples.of(test.size(), count, Samples.random("clean"))));
    Optional<Map<Measure, double[]>> triggered =
        subject
            .pairs()
            .map(pairs -> triggered(pairs, count, settings))
            .map(images -> HeadImportance.of(subject.classifier(), images));

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
    return List.of(
        new Sheet("salience", List.of("neuron", "measure", "clean", "triggered"), lines));
  }

  private static LabeledImages triggered(Pairs pairs, int count, Settings settings) {
    RandomGenerator random = Samples.random("triggered");
    Pairs drawn = pairs.sample(count, random);
    return switch (settings.labels()) {
      case WANTED -> drawn.asWanted();
      case TRUE -> drawn.triggered();
    };
  }

  private static String name(Measure measure) {
    return measure.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
