package io.backdoorgrid.run;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Predictor;
import java.util.Optional;

/**
 * Measures classifiers on one test set, clean and triggered. It alone knows the trigger.
 *
 * @param test clean test images
 * @param triggered the same with the trigger on, as far as they count; empty without a backdoor
 */
record Evaluator(LabeledImages test, Optional<Backdoor.Triggered> triggered) {

  static Evaluator of(LabeledImages test, Optional<Backdoor> backdoor) {
    return new Evaluator(test, backdoor.map(b -> b.trigger(test)));
  }

  Metrics measure(Predictor predictor) {
    double acc = LabeledImages.percentEqual(predictor.predict(test), test.labels());
    if (triggered.isEmpty()) {
      return new Metrics(acc, Double.NaN, Double.NaN);
    }
    LabeledImages images = triggered.get().images();
    int[] predictions = predictor.predict(images);
    return new Metrics(
        acc,
        LabeledImages.percentEqual(predictions, triggered.get().wanted()),
        LabeledImages.percentEqual(predictions, images.labels()));
  }
}
