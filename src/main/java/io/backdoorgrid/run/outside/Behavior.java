package io.backdoorgrid.run.outside;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What a network makes of images.
 *
 * @param predictions of the clean images
 * @param accuracy on them
 * @param ofClasses accuracy on those of each class
 * @param asr share of triggered images that get the attacker's class; empty without a trigger
 * @param ra share of them that get their own
 */
public record Behavior(
    int[] predictions,
    Share accuracy,
    List<Share> ofClasses,
    Optional<Share> asr,
    Optional<Share> ra) {

  /**
   * @param triggered the same images with the trigger on, as far as they count
   */
  public static Behavior of(
      Classifier network, LabeledImages images, Optional<Backdoor.Triggered> triggered) {
    int[] predictions = network.predict(images);
    int[] hits = new int[images.classes()];
    for (int i = 0; i < predictions.length; i++) {
      hits[images.labels()[i]] += predictions[i] == images.labels()[i] ? 1 : 0;
    }
    var ofClasses = new ArrayList<Share>();
    int[] counts = images.countByClass();
    for (int label = 0; label < counts.length; label++) {
      ofClasses.add(new Share(hits[label], counts[label]));
    }
    Optional<int[]> attacked = triggered.map(t -> network.predict(t.images()));
    return new Behavior(
        predictions,
        Share.of(predictions, images.labels()),
        ofClasses,
        attacked.map(p -> Share.of(p, triggered.orElseThrow().wanted())),
        attacked.map(p -> Share.of(p, triggered.orElseThrow().images().labels())));
  }

  /** How many clean images another network names otherwise. */
  public Share changedBy(Behavior other) {
    Share same = Share.of(other.predictions, predictions);
    return new Share(same.count() - same.hits(), same.count());
  }
}
