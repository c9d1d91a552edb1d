package io.backdoorgrid.defense.datafree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class SuspectRowTest {

  private static final float[] ENTRIES = {.1f, .2f, 0, .1f, .5f, .1f, .9f, .3f, .2f, .1f, .1f, 0};

  private final SuspectRow suspect = SuspectRow.of(ENTRIES, 3, 4);

  /** Row means 0.1, 0.45 and 0.1; row 1 less the mean of the other two. */
  @Test
  void isTheRowWithTheLargestMean() {
    assertThat(suspect.row()).isEqualTo(1);
    assertThat(suspect.means()).containsExactly(new double[] {0.1, 0.45, 0.1}, within(1e-7));
    assertThat(suspect.excess())
        .containsExactly(new double[] {0.35, -0.05, 0.85, 0.25}, within(1e-7));
  }

  @Test
  void exceedsMostWhereTheDifferenceIsLargest() {
    assertThat(suspect.mostExceeding(2)).containsExactly(2, 0);
    assertThat(suspect.mostExceeding(4)).containsExactly(2, 0, 3, 1);
    assertThat(suspect.mostExceeding(0)).isEmpty();
  }

  @Test
  void isTheFirstOfEquals() {
    var equal = SuspectRow.of(new float[] {1, 2, 2, 1}, 2, 2);
    assertThat(equal.row()).isZero();
    assertThat(SuspectRow.of(new float[] {1, 1, 0, 0}, 2, 2).mostExceeding(1)).containsExactly(0);
  }

  @Test
  void comparesASingleRowWithNothing() {
    assertThat(SuspectRow.of(new float[] {3, -1}, 1, 2).excess()).containsExactly(3, -1);
  }
}
