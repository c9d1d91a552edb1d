package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.data.ImageShape;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AppleTest {

  /** Rows and columns are those of BackdoorBench's apple, and their doubles. */
  @ParameterizedTest
  @CsvSource({"32, 117, 16, 29, 17, 28", "64, 468, 32, 59, 34, 57"})
  void hasTheKnownExtent(int edge, int pixels, int top, int bottom, int left, int right) {
    var shape = new ImageShape(edge, edge, 1);
    boolean[] covered = Apple.on(shape).covered();
    int count = 0;
    int firstRow = edge;
    int lastRow = -1;
    int firstColumn = edge;
    int lastColumn = -1;
    for (int i = 0; i < covered.length; i++) {
      if (covered[i]) {
        count++;
        firstRow = Math.min(firstRow, i / edge);
        lastRow = Math.max(lastRow, i / edge);
        firstColumn = Math.min(firstColumn, i % edge);
        lastColumn = Math.max(lastColumn, i % edge);
      }
    }
    assertThat(count).isEqualTo(pixels);
    assertThat(new int[] {firstRow, lastRow, firstColumn, lastColumn})
        .containsExactly(top, bottom, left, right);
  }
}
