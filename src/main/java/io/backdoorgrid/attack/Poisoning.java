package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.Arrays;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * A poisoned training set.
 *
 * @param images with triggers and the attacker's labels on the poisoned ones
 * @param poisoned positions of the poisoned images, ascending; no defense ever receives them
 */
public record Poisoning(LabeledImages images, int[] poisoned) {

  /** How far below its expectation a random number may be, in standard deviations. */
  private static final double DEVIATIONS = 5;

  /** Changes the images that are poisoned. */
  @FunctionalInterface
  public interface Preparation {

    /**
     * Changes the images at those positions in place, while their labels are still true. Others may
     * be changed, too, and keep theirs.
     */
    void prepare(LabeledImages images, int[] positions, RandomGenerator random);
  }

  /**
   * Poisons {@code round(rate * n)} images, drawn without replacement from all, or from those of
   * the target class if labels are to stay true. Otherwise images of the target class are among the
   * poisoned ones and keep their label, as in the benchmarks.
   *
   * <p>The images are a random part of a data set, so a class whose share there is {@code rate} may
   * have slightly fewer images here: then all of it is poisoned.
   *
   * @param clean left as it is
   * @param goal which images may be poisoned, and what they are labeled
   * @param rate share of all images, 0 to 1
   * @throws IllegalArgumentException if there are fewer images to draw from than chance explains
   */
  public static Poisoning of(
      LabeledImages clean,
      Preparation preparation,
      Goal goal,
      double rate,
      RandomGenerator random) {
    require(rate >= 0 && rate <= 1, "poison-rate must be between 0 and 1, got %s", rate);
    goal.check(clean.classes());
    LabeledImages images = clean.copy();
    int wanted = wanted(images.size(), rate);
    int[] candidates =
        Arrays.stream(Seed.permutation(images.size(), random))
            .filter(i -> goal.poisons(images.labels()[i]))
            .toArray();
    require(
        candidates.length >= least(wanted, rate),
        "poison-rate %s means %d images, but class %d has only %d",
        rate,
        wanted,
        goal.target(),
        candidates.length);
    int[] poisoned = Arrays.copyOf(candidates, Math.min(wanted, candidates.length));
    Arrays.sort(poisoned);
    preparation.prepare(images, poisoned, random);
    for (int i : poisoned) {
      images.labels()[i] = goal.labelFor(images.labels()[i], images.classes());
    }
    return new Poisoning(images, poisoned);
  }

  private static int wanted(int images, double rate) {
    return (int) Math.round(rate * images);
  }

  /**
   * How many images {@link #of} poisons.
   *
   * @param labels of the clean images
   */
  public static int count(int[] labels, Goal goal, double rate) {
    long candidates = IntStream.of(labels).filter(goal::poisons).count();
    return (int) Math.min(wanted(labels.length, rate), candidates);
  }

  /** Why a rate is impossible: it poisons no image, so that the model would be a clean one. */
  static Optional<String> nothing(int images, double rate) {
    if (wanted(images, rate) > 0) {
      return Optional.empty();
    }
    // Half an image is rounded up to one.
    BigDecimal least =
        new BigDecimal("0.5")
            .divide(BigDecimal.valueOf(images), new MathContext(3, RoundingMode.UP));
    return Optional.of(
        "poison-rate %s poisons none of %d images; the least that poisons one is %s"
            .formatted(Goal.text(rate), images, Goal.text(least.doubleValue())));
  }

  /** How many of {@code wanted} images chance leaves; at least one if any are wanted. */
  private static double least(int wanted, double rate) {
    return Math.max(Math.min(wanted, 1), wanted - DEVIATIONS * Math.sqrt(wanted * (1 - rate)));
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
