package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.stream.IntStream;

/**
 * What the attacker wants: which labels, and which class.
 *
 * @param target the wanted class unless each goes to the next
 */
public record Goal(LabelStrategy labels, int target) {

  /** The attacker's label for an image of class {@code label}. */
  public int labelFor(int label, int classes) {
    return labels.of(label, target, classes);
  }

  /** Whether a training image of that class may be poisoned. */
  public boolean poisons(int label) {
    return labels != LabelStrategy.CLEAN_LABEL || label == target;
  }

  /**
   * How many training images may be poisoned.
   *
   * @param classSizes how many there are of each class
   */
  public int ceiling(int[] classSizes) {
    return IntStream.range(0, classSizes.length)
        .filter(this::poisons)
        .map(label -> classSizes[label])
        .sum();
  }

  /**
   * Whether triggered test images of that class count. Those that already are of the wanted class
   * do not: they would be a success of any network.
   */
  public boolean counts(int label) {
    return labels == LabelStrategy.ALL_TO_ALL || label != target;
  }

  /**
   * @throws IllegalArgumentException if the target is none of the classes
   */
  public void check(int classes) {
    require(target < classes, "target %d is not one of the %d classes", target, classes);
  }
}
