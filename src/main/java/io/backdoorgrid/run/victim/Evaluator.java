package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.metric.Evaluated;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.model.Predictor;
import java.util.HashMap;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * Evaluates classifiers on one test set: clean, triggered, and with changes similar to the trigger.
 * Only the evaluator knows the trigger.
 *
 * @param test clean test images
 * @param triggered the same with the trigger on, as far as they count; empty without a backdoor
 * @param cross all of them with a change like the trigger's; empty where the attack knows none
 */
public record Evaluator(
    LabeledImages test, Optional<Backdoor.Triggered> triggered, Optional<LabeledImages> cross) {

  public Measures measure(Predictor predictor) {
    var values = new HashMap<Evaluated, Double>();
    values.put(Metrics.ACC, percentCorrect(predictor, test));
    if (triggered.isPresent()) {
      LabeledImages images = triggered.get().images();
      int[] predictions = predictor.predict(images);
      values.put(Metrics.ASR, LabeledImages.percentEqual(predictions, triggered.get().wanted()));
      values.put(Metrics.RA, LabeledImages.percentEqual(predictions, images.labels()));
    }
    cross.ifPresent(images -> values.put(Metrics.CROSS, percentCorrect(predictor, images)));
    return new Measures(values);
  }

  /** The ACC of a classifier that always names the most frequent class. */
  public double chance() {
    return 100.0 * IntStream.of(test.countByClass()).max().orElse(0) / test.size();
  }

  private static double percentCorrect(Predictor predictor, LabeledImages images) {
    return LabeledImages.percentEqual(predictor.predict(images), images.labels());
  }
}
