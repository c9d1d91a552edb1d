package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.model.Predictor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/** Images of one pixel, which a predictor takes for the class of its value. */
class EvaluatorTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 1);

  private final LabeledImages test = images(new byte[] {0, 1, 2, 0}, 0, 1, 2, 1);

  @Test
  void countsCleanTriggeredAndCrossedImages() {
    var triggered =
        new Backdoor.Triggered(images(new byte[] {0, 2}, 1, 2), new int[] {0, 0}, new int[2]);
    LabeledImages cross = images(new byte[] {0, 1, 0, 0}, 0, 1, 2, 1);
    var evaluator = new Evaluator(test, Optional.of(triggered), Optional.of(cross));
    assertThat(evaluator.measure(new Values())).isEqualTo(measures(75, 50, 50, 50));
  }

  @Test
  void leavesUndefinedWhatThereIsNot() {
    assertThat(new Evaluator(test, Optional.empty(), Optional.empty()).measure(new Values()))
        .isEqualTo(measures(75));
    var none = new Backdoor.Triggered(images(new byte[] {0}, 1), new int[] {0}, new int[1]);
    assertThat(new Evaluator(test, Optional.of(none), Optional.empty()).measure(new Values()))
        .isEqualTo(measures(75, 100, 0));
  }

  /** Two of four images are of class 1. */
  @Test
  void knowsWhatNamingTheMostFrequentClassGives() {
    assertThat(new Evaluator(test, Optional.empty(), Optional.empty()).chance()).isEqualTo(50);
  }

  /** In the order ACC, ASR, RA, cross. */
  private static Measures measures(double... values) {
    var measures = new HashMap<Evaluated, Double>();
    for (int i = 0; i < values.length; i++) {
      measures.put(Metrics.EVALUATED.get(i), values[i]);
    }
    return new Measures(measures);
  }

  private static LabeledImages images(byte[] pixels, int... labels) {
    return new LabeledImages(PIXEL, 3, pixels, labels);
  }

  private record Values() implements Predictor {

    @Override
    public int[] predict(LabeledImages images) {
      int[] classes = new int[images.size()];
      Arrays.setAll(classes, i -> images.pixels()[i]);
      return classes;
    }

    @Override
    public void close() {}
  }
}
