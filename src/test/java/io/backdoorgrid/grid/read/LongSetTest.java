package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.HashSet;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

class LongSetTest {
  @Test
  void agreesWithASetOfObjects() {
    LongSet set = new LongSet();
    Set<Long> expected = new HashSet<>();
    Random random = new Random(1);
    for (int i = 0; i < 100_000; i++) {
      // Few low bits, so that slots collide; zero and negatives included.
      long value = (long) (random.nextInt(20_000) - 10_000) << 20;
      assertThat(set.add(value)).isEqualTo(expected.add(value));
    }
  }
}
