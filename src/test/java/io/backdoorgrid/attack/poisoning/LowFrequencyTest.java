package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.perturb.DeepFool;
import io.backdoorgrid.perturb.UniversalSearch;
import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class LowFrequencyTest {

  private static final ImageShape SHAPE = Triggered.CIFAR;
  private static final int EDGE = 32;
  private static final UniversalSearch SEARCH =
      new UniversalSearch(10, 30, 2, 0.9, 2, new DeepFool(0.02, 50));

  private static final LowFrequency ATTACK = new LowFrequency(SEARCH, 30, 0.2, 1);

  private static Known known;

  @BeforeAll
  static void train() {
    known = Known.tinted(SHAPE, 150);
  }

  @AfterAll
  static void close() {
    known.close();
  }

  @Test
  void coversTheRangeUpToItsAmplitude() {
    float least = Float.POSITIVE_INFINITY;
    float most = 0;
    for (float value : pattern("a1")) {
      least = Math.min(least, value);
      most = Math.max(most, value);
    }
    assertThat(least).isZero();
    assertThat(most).isEqualTo(51);
  }

  /** In the plane of 32 x 32 frequencies, the constant left out. */
  @Test
  void hasItsEnergyAtLowFrequencies() {
    float[] pattern = pattern("a1");
    double all = 0;
    double low = 0;
    for (int c = 0; c < 3; c++) {
      for (int u = -EDGE / 2; u < EDGE / 2; u++) {
        for (int v = -EDGE / 2; v < EDGE / 2; v++) {
          double energy = u == 0 && v == 0 ? 0 : energy(pattern, c, u, v);
          all += energy;
          low += u * u + v * v <= 16 ? energy : 0;
        }
      }
    }
    assertThat(all).isPositive();
    assertThat(low / all).isGreaterThanOrEqualTo(0.95);
  }

  private static double energy(float[] pattern, int channel, int u, int v) {
    double real = 0;
    double imaginary = 0;
    for (int row = 0; row < EDGE; row++) {
      for (int column = 0; column < EDGE; column++) {
        double angle = 2 * Math.PI * (u * row + v * column) / EDGE;
        double value = pattern[SHAPE.offset(row, column) + channel];
        real += value * Math.cos(angle);
        imaginary += value * Math.sin(angle);
      }
    }
    return real * real + imaginary * imaginary;
  }

  @Test
  void isTheSameForTheSameSeed() {
    assertThat(pattern("a1")).isEqualTo(pattern("a1")).isNotEqualTo(pattern("a2"));
  }

  /**
   * The tints are 100 apart: a pattern of all 255 levels hides them, no pattern at all does not.
   */
  @Test
  void misleadsTheNetworkThatItWasFoundOn() {
    var strong = new LowFrequency(SEARCH, 30, 1, 1);
    var backdoor = new Backdoor(strong, trigger(strong, "a1"));
    Backdoor.Triggered triggered = backdoor.trigger(known.images());
    assertThat(
            LabeledImages.percentEqual(
                known.network().predict(triggered.images()), triggered.images().labels()))
        .isLessThan(50);
    assertThat(
            LabeledImages.percentEqual(
                known.network().predict(known.images()), known.images().labels()))
        .isGreaterThan(95);
  }

  @Test
  void asksForASurrogate() {
    assertThat(new LowFrequency().usesSurrogate()).isTrue();
    assertThat(new LowFrequency().goal()).isEqualTo(new Goal(LabelStrategy.ALL_TO_ONE, 0));
  }

  @Test
  void refusesImpossibleValues() {
    assertThatThrownBy(() -> new LowFrequency(SEARCH, 0, 0.2, 0))
        .hasMessage("taps must be at least 1, got 0");
    assertThatThrownBy(() -> new LowFrequency(SEARCH, 30, 1.2, 0))
        .hasMessage("amplitude must be above 0 and at most 1, got 1.2");
  }

  private static float[] pattern(String seed) {
    return ((Shift) trigger(ATTACK, seed)).shift();
  }

  private static Trigger trigger(LowFrequency attack, String seed) {
    return attack.trigger(known, new Seed(seed).stream("trigger"));
  }
}
