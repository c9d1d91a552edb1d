package io.backdoorgrid.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class SeedTest {

  @Test
  void givesTheSameStreamForTheSameIdAndPurpose() {
    assertThat(draws(new Seed("ab12"), "weights")).isEqualTo(draws(new Seed("ab12"), "weights"));
  }

  @Test
  void givesOtherStreamsForOtherPurposesAndIds() {
    long[] draws = draws(new Seed("ab12"), "weights");
    assertThat(draws(new Seed("ab12"), "batches")).isNotEqualTo(draws);
    assertThat(draws(new Seed("ab13"), "weights")).isNotEqualTo(draws);
  }

  /** Whoever changes the generator changes all results, and has to raise versions. */
  @Test
  void staysTheSameFromReleaseToRelease() {
    assertThat(new Seed("ab12").stream("weights").nextLong()).isEqualTo(2371097941447764448L);
  }

  @Test
  void startsEveryStreamAnew() {
    var seed = new Seed("ab12");
    RandomGenerator first = seed.stream("weights");
    first.nextLong();
    assertThat(seed.stream("weights").nextLong())
        .isEqualTo(new Seed("ab12").stream("weights").nextLong());
  }

  @Test
  void permutesAllPositions() {
    int[] order = Seed.permutation(1000, new Seed("ab12").stream("order"));
    assertThat(order).isNotEqualTo(IntStream.range(0, 1000).toArray());
    assertThat(Arrays.stream(order).sorted().toArray())
        .isEqualTo(IntStream.range(0, 1000).toArray());
  }

  @Test
  void permutesNothingAndOne() {
    RandomGenerator random = new Seed("ab12").stream("order");
    assertThat(Seed.permutation(0, random)).isEmpty();
    assertThat(Seed.permutation(1, random)).containsExactly(0);
  }

  /**
   * All six orders of three come up equally often: 6,000 draws give 1,000 each with a deviation of
   * 29; the bounds are five deviations. A shuffle without fixed points would reach only two.
   */
  @Test
  void reachesEveryPermutationEquallyOften() {
    RandomGenerator random = new Seed("ab12").stream("order");
    int[] counts = new int[27];
    for (int i = 0; i < 6000; i++) {
      int[] order = Seed.permutation(3, random);
      counts[9 * order[0] + 3 * order[1] + order[2]]++;
    }
    assertThat(Arrays.stream(counts).filter(count -> count > 0).toArray())
        .hasSize(6)
        .satisfies(
            reached ->
                assertThat(Arrays.stream(reached)).allMatch(count -> Math.abs(count - 1000) < 145));
  }

  private static long[] draws(Seed seed, String purpose) {
    RandomGenerator random = seed.stream(purpose);
    return IntStream.range(0, 8).mapToLong(i -> random.nextLong()).toArray();
  }

  /** All kinds of numbers are made of whole longs, which alone are counted. */
  @Test
  void goesOnAfterAnyNumberOfDraws() {
    RandomStream drawn = new Seed("ab12").stream("weights");
    drawn.nextInt();
    drawn.nextInt(7);
    drawn.nextDouble();
    drawn.nextGaussian();
    drawn.nextBoolean();
    drawn.nextBytes(new byte[20]);
    RandomStream skipped = new Seed("ab12").stream("weights");
    skipped.skipTo(drawn.draws());
    assertThat(drawn.draws()).isGreaterThanOrEqualTo(8);
    assertThat(skipped.nextLong()).isEqualTo(drawn.nextLong());
    assertThatThrownBy(() -> skipped.skipTo(1))
        .hasMessage("%d numbers are drawn, more than 1".formatted(skipped.draws()));
  }

  /** Counting changes no number of any kind. */
  @Test
  void drawsWhatTheUncountedGeneratorDraws() {
    RandomGenerator plain = RandomGeneratorFactory.of("L64X128MixRandom").create(5);
    RandomGenerator counted =
        new RandomStream(RandomGeneratorFactory.of("L64X128MixRandom").create(5));
    for (int i = 0; i < 1000; i++) {
      assertThat(counted.nextInt()).isEqualTo(plain.nextInt());
      assertThat(counted.nextInt(i + 1)).isEqualTo(plain.nextInt(i + 1));
      assertThat(counted.nextLong(i + 1)).isEqualTo(plain.nextLong(i + 1));
      assertThat(counted.nextDouble()).isEqualTo(plain.nextDouble());
      assertThat(counted.nextFloat()).isEqualTo(plain.nextFloat());
      assertThat(counted.nextGaussian()).isEqualTo(plain.nextGaussian());
      assertThat(counted.nextBoolean()).isEqualTo(plain.nextBoolean());
    }
  }
}
