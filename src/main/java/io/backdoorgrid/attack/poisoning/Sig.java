package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * SIG (Barni et al., ICIP 2019): a sinusoid added along each row, {@code delta sin(2 pi j f / m)}
 * in column j of m, on images of the target class alone, whose labels stay true.
 *
 * <p>The defaults are BackdoorBench's; WIPER has an amplitude of 20. The paper on Hölder Pruning
 * describes changed labels in one place and a clean-label attack in another: {@code preset: hp} is
 * the latter, {@code labels: all-to-one} beside it the former.
 *
 * @param delta amplitude, above 0 and at most 255
 * @param frequency waves across the image, positive
 * @param labels {@code clean-label}, or one target for all, or each class to the next
 * @param target the wanted class unless each goes to the next
 */
@Algorithm("sig")
public record Sig(double delta, double frequency, LabelStrategy labels, int target)
    implements ModelFreeAttack {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "hp", Map.of("target", 1),
          "wiper", Map.of("delta", 20));

  public Sig {
    require(delta > 0 && delta <= 255, "delta must be above 0 and at most 255, got %s", delta);
    requirePositive("frequency", frequency);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** Amplitude 40, six waves, class 0. */
  public Sig() {
    this(40, 6, LabelStrategy.CLEAN_LABEL, 0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Shift.of(shape, tensors);
  }

  @Override
  public Trigger trigger(ImageShape shape, RandomGenerator random) {
    float[] shift = new float[shape.size()];
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        double wave = delta * Math.sin(2 * Math.PI * column * frequency / shape.width());
        for (int c = 0; c < shape.channels(); c++) {
          shift[shape.offset(row, column) + c] = (float) wave;
        }
      }
    }
    return new Shift(shape, shift);
  }
}
