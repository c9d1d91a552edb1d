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

  /** What is done to the images that are poisoned. */
  @FunctionalInterface
  public interface Planting {

    /**
     * Changes the images at those positions in place, while their labels are still true. Others may
     * be changed, too, and keep theirs.
     */
    void plant(LabeledImages images, int[] positions, RandomGenerator random);
  }

  /**
   * Poisons {@code round(rate * n)} images, drawn without replacement from all, or from those of
   * the target class if labels are to stay true. Otherwise images of the target class are among the
   * poisoned ones and keep their label, as in the benchmarks.
   *
   * @param clean left as it is
   * @param goal which images may be poisoned, and what they are labelled
   * @param rate 0 to 1, in any case of all images
   * @throws IllegalArgumentException if there are not that many to draw from
   */
  public static Poisoning of(
      LabeledImages clean, Planting planting, Goal goal, double rate, RandomGenerator random) {
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
    planting.plant(images, poisoned, random);
    for (int i : poisoned) {
      images.labels()[i] = goal.labelFor(images.labels()[i], images.classes());
    }
    return new Poisoning(images, poisoned);
  }

  /** As above; the poisoned images get the trigger as test images do. */
  public static Poisoning of(
      LabeledImages clean, Trigger trigger, Goal goal, double rate, RandomGenerator random) {
    return of(
        clean,
        (images, positions, itsRandom) -> trigger.apply(images, positions),
        goal,
        rate,
        random);
  }
}
