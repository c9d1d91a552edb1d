package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

class ProductTest {
  @Test
  void variesTheLastAxisFastest() {
    assertThat(visits(List.of(List.of("a", "b"), List.of(0, 1, 2))))
        .containsExactly("[0, 0]", "[0, 1]", "[0, 2]", "[1, 0]", "[1, 1]", "[1, 2]");
  }

  @Test
  void hasOneCellWithoutAxesAndNoneWithAnEmptyOne() {
    assertThat(visits(List.of())).containsExactly("[]");
    assertThat(visits(List.of(List.of(1, 2), List.of()))).isEmpty();
  }

  @Test
  void countsWithoutOverflow() {
    List<Integer> axis = Collections.nCopies(100_000, 1);
    assertThat(Product.size(List.of(axis, axis))).isEqualTo(10_000_000_000L);
    assertThat(Product.size(List.of(axis, axis, axis, axis))).isEqualTo(Long.MAX_VALUE);
  }

  private static List<String> visits(List<List<?>> axes) {
    List<String> visits = new ArrayList<>();
    Product.forEach(axes, at -> visits.add(Arrays.toString(at)));
    return visits;
  }
}
