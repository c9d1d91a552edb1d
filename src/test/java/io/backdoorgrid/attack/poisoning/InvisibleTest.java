package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Known;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.Invisible.Pattern;
import io.backdoorgrid.attack.trigger.Shift;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.perturb.DeepFool;
import io.backdoorgrid.perturb.UniversalSearch;
import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class InvisibleTest {

  private static final UniversalSearch SEARCH =
      new UniversalSearch(10, 30, 5, 0.9, 3, new DeepFool(0.02, 50));

  /** On 1,024 pixels. */
  @ParameterizedTest
  @CsvSource({"LATTICE, 10, 256, 34.15", "CHESSBOARD, 3, 512, 41.60", "CHESSBOARD, 10, 512, 31.14"})
  void brightensARegularLattice(Pattern pattern, int amplitude, int count, double decibels) {
    byte[] grey = Triggered.grey(still(pattern, amplitude), 128);
    int bright = 0;
    for (int row = 0; row < 32; row++) {
      for (int column = 0; column < 32; column++) {
        boolean even =
            pattern == Pattern.LATTICE ? row % 2 + column % 2 == 0 : row % 2 == column % 2;
        for (int c = 0; c < 3; c++) {
          int value = grey[Triggered.CIFAR.offset(row, column) + c] & 0xFF;
          assertThat(value).isEqualTo(even ? 128 + amplitude : 128);
        }
        bright += even ? 1 : 0;
      }
    }
    assertThat(bright).isEqualTo(count);
    assertThat(Triggered.psnr(grey, 128)).isCloseTo(decibels, within(0.005));
    assertThat(Triggered.grey(still(pattern, amplitude), 255)).containsOnly((byte) 255);
  }

  @Test
  void adaptsToANetworkWithinItsAmplitude() {
    try (Known known = Known.tinted(new ImageShape(8, 8, 3), 150)) {
      for (double amplitude : new double[] {10, 60}) {
        float largest = 0;
        for (float value : adaptive(amplitude, known, "a1").shift()) {
          largest = Math.max(largest, Math.abs(value));
        }
        assertThat(largest).isEqualTo((float) amplitude);
      }
      Shift shift = adaptive(60, known, "a1");
      assertThat(adaptive(60, known, "a1").shift())
          .isEqualTo(shift.shift())
          .isNotEqualTo(adaptive(60, known, "a2").shift());
      Backdoor.Triggered triggered = new Backdoor(adaptive(60), shift).trigger(known.images());
      assertThat(
              LabeledImages.percentEqual(
                  known.network().predict(triggered.images()), triggered.wanted()))
          .isGreaterThan(50);
    }
  }

  @Test
  void asksForASurrogateOnlyToAdapt() {
    assertThat(new Invisible().usesSurrogate()).isFalse();
    assertThat(new Invisible(Pattern.CHESSBOARD, 3, SEARCH, 0).usesSurrogate()).isFalse();
    assertThat(new Invisible(Pattern.ADAPTIVE, 10, SEARCH, 0).usesSurrogate()).isTrue();
    assertThat(new Invisible().goal()).isEqualTo(new Goal(LabelStrategy.ALL_TO_ONE, 0));
  }

  @Test
  void refusesImpossibleAmplitudes() {
    assertThatThrownBy(() -> new Invisible(Pattern.LATTICE, 0, SEARCH, 0))
        .hasMessage("amplitude must be above 0 and at most 255, got 0.0");
  }

  private static Trigger still(Pattern pattern, double amplitude) {
    var known = new Known(ToyImages.constant(Triggered.CIFAR, 2, 0, 0), null);
    return new Invisible(pattern, amplitude, SEARCH, 0).trigger(known, null);
  }

  private static Shift adaptive(double amplitude, Known known, String seed) {
    return (Shift) adaptive(amplitude).trigger(known, new Seed(seed).stream("trigger"));
  }

  private static Invisible adaptive(double amplitude) {
    return new Invisible(Pattern.ADAPTIVE, amplitude, SEARCH, 1);
  }
}
