package io.backdoorgrid.attack;

import static io.backdoorgrid.algorithm.Checks.require;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.Optional;
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
   * Why a poison rate is impossible: too few images may be poisoned.
   *
   * @param classSizes how many training images there are of each class
   */
  Optional<String> shortage(int[] classSizes, double poisonRate) {
    int all = IntStream.of(classSizes).sum();
    int most =
        IntStream.range(0, classSizes.length)
            .filter(this::poisons)
            .map(label -> classSizes[label])
            .sum();
    // One image more is rounding.
    return poisonRate * all < most + 1
        ? Optional.empty()
        : Optional.of(
            "poison-rate %s is more than class %d's share %s"
                .formatted(text(poisonRate), target, text((double) most / all)));
  }

  static String text(double share) {
    return new BigDecimal(share, new MathContext(6)).stripTrailingZeros().toPlainString();
  }

  /**
   * Whether triggered test images of that class count. Images that already belong to the wanted
   * class do not: any correct network would succeed on them.
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
