package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Predictor;
import java.util.Optional;

/**
 * Measures classifiers on one test set: clean, triggered, and with what is no trigger but like it.
 * It alone knows the trigger.
 *
 * @param test clean test images
 * @param triggered the same with the trigger on, as far as they count; empty without a backdoor
 * @param cross all of them with a change like the trigger's; empty where the attack knows none
 */
public record Evaluator(
    LabeledImages test, Optional<Backdoor.Triggered> triggered, Optional<LabeledImages> cross) {

  public Metrics measure(Predictor predictor) {
    double acc = LabeledImages.percentEqual(predictor.predict(test), test.labels());
    if (triggered.isEmpty()) {
      return new Metrics(acc, Double.NaN, Double.NaN, Double.NaN);
    }
    LabeledImages images = triggered.get().images();
    int[] predictions = predictor.predict(images);
    return new Metrics(
        acc,
        LabeledImages.percentEqual(predictions, triggered.get().wanted()),
        LabeledImages.percentEqual(predictions, images.labels()),
        cross
            .map(c -> LabeledImages.percentEqual(predictor.predict(c), c.labels()))
            .orElse(Double.NaN));
  }
}
