package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import java.util.Arrays;
import java.util.random.RandomGenerator;

/**
 * A poisoned training set.
 *
 * @param images with triggers and the attacker's labels on the poisoned ones
 * @param poisoned positions of the poisoned images, ascending; the truth that no defense is shown
 */
public record Poisoning(LabeledImages images, int[] poisoned) {

  /**
   * Poisons {@code round(rate * n)} images, drawn without replacement from all, or from those of
   * the target class if labels are to stay true. Otherwise images of the target class are among the
   * poisoned ones and keep their label, as in the benchmarks.
   *
   * @param clean left as it is
   * @param rate 0 to 1, in any case of all images
   * @throws IllegalArgumentException if there are not that many to draw from
   */
  public static Poisoning of(
      LabeledImages clean, Trigger trigger, Goal goal, double rate, RandomGenerator random) {
    require(rate >= 0 && rate <= 1, "poison-rate must be between 0 and 1, got %s", rate);
    goal.check(clean.classes());
    LabeledImages images = clean.copy();
    int count = (int) Math.round(rate * images.size());
    int[] candidates =
        Arrays.stream(Seed.permutation(images.size(), random))
            .filter(i -> goal.poisons(images.labels()[i]))
            .toArray();
    require(
        count <= candidates.length,
        "poison-rate %s means %d images, but class %d has only %d",
        rate,
        count,
        goal.target(),
        candidates.length);
    int[] poisoned = Arrays.copyOf(candidates, count);
    Arrays.sort(poisoned);
    for (int i : poisoned) {
      trigger.apply(images.pixels(), i * images.shape().size());
      images.labels()[i] = goal.labelFor(images.labels()[i], images.classes());
    }
    return new Poisoning(images, poisoned);
  }
}
