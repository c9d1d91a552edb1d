package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import java.util.Arrays;
import org.junit.jupiter.api.Test;

class SigTest {

  /** 32 columns, six waves: the pattern repeats after 16 columns. */
  private static final ImageShape SHAPE = new ImageShape(2, 32, 1);

  /** 128 + 40 sin(3 pi j / 8), without its fraction. */
  @Test
  void addsSixWavesOfAmplitude40() {
    byte[] grey = Triggered.grey(new Sig().trigger(SHAPE, null), 128);
    int[] expected = {128, 164, 156, 112, 88, 112, 156, 164, 128, 91, 99, 143, 168, 143, 99, 91};
    for (int column = 0; column < 32; column++) {
      // At a zero of the sine the rounding of pi may take the last unit away.
      assertThat(grey[column] & 0xFF).isBetween(expected[column % 16] - 1, expected[column % 16]);
      assertThat(grey[32 + column]).as("rows are equal").isEqualTo(grey[column]);
    }
    assertThat(unsigned(Arrays.copyOf(grey, 16))).containsExactly(expected);
  }

  @Test
  void isWeakerWithWipersAmplitude() {
    byte[] grey =
        Triggered.grey(new Sig(20, 6, LabelStrategy.CLEAN_LABEL, 0).trigger(SHAPE, null), 128);
    assertThat(unsigned(Arrays.copyOf(grey, 8)))
        .containsExactly(128, 146, 142, 120, 108, 120, 142, 146);
  }

  @Test
  void keepsTrueLabelsByDefault() {
    Goal goal = new Sig().goal();
    assertThat(goal.poisons(0)).isTrue();
    assertThat(goal.poisons(1)).isFalse();
    assertThat(goal.counts(0)).isFalse();
    assertThat(goal.labelFor(3, 10)).isZero();
  }

  @Test
  void refusesImpossibleWaves() {
    assertThatThrownBy(() -> new Sig(0, 6, LabelStrategy.CLEAN_LABEL, 0))
        .hasMessage("delta must be above 0 and at most 255, got 0.0");
    assertThatThrownBy(() -> new Sig(40, 0, LabelStrategy.CLEAN_LABEL, 0))
        .hasMessage("frequency must be positive, got 0.0");
  }

  private static int[] unsigned(byte[] bytes) {
    int[] values = new int[bytes.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = bytes[i] & 0xFF;
    }
    return values;
  }
}
