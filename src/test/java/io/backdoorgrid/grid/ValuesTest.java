package io.backdoorgrid.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class ValuesTest {
  @Test
  void printsDoublesWithoutTrailingZeros() {
    assertThat(Values.text(3.0)).isEqualTo("3");
    assertThat(Values.text(0.1)).isEqualTo("0.1");
    assertThat(Values.text(-0.0)).isEqualTo("0");
    assertThat(Values.text(2.0E-3)).isEqualTo("0.002");
    assertThat(Values.text(0.1 + 0.2)).isEqualTo("0.30000000000000004");
  }

  @Test
  void printsVerySmallAndVeryLargeOnesWithAnExponent() {
    assertThat(Values.text(1e-8)).isEqualTo("1e-8");
    assertThat(Values.text(2.5e300)).isEqualTo("2.5e300");
    assertThat(Values.text(Double.NaN)).isEqualTo("NaN");
  }

  @Test
  void printsTheShortestDecimalWhateverTheJavaRelease() {
    assertThat(Values.text(2e23)).isEqualTo("2e23");
    // Double.toString ends in 8015E-14 up to Java 18, in 802E-14 since.
    assertThat(Values.text(Math.scalb(1.0, -44))).isEqualTo("5.6843418860808015e-14");
  }

  @Test
  void readsBackAsTheSameNumber() {
    Random random = new Random(0);
    for (int i = 0; i < 1000; i++) {
      double value = Double.longBitsToDouble(random.nextLong());
      assertThat(Double.parseDouble(Values.text(value))).isEqualTo(value);
    }
  }

  @Test
  void printsListsAsYaml() {
    assertThat(Values.text(List.of(60L, 80.0, "a", true))).isEqualTo("[60, 80, a, true]");
  }
}
