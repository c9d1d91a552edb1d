package io.backdoorgrid.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class OrderTest {

  @Test
  void theSmallestComesFirstAndOfEqualOnesTheFirst() {
    assertThat(Order.ascending(new double[] {3, 1, 2})).containsExactly(1, 2, 0);
    assertThat(Order.ascending(new double[] {1, 0, 1, 0})).containsExactly(1, 3, 0, 2);
    assertThat(Order.ascending(new float[] {2, -1, 0})).containsExactly(1, 2, 0);
    assertThat(Order.ascending(new float[0])).isEmpty();
  }
}
