package io.backdoorgrid.algorithm;

import java.util.random.RandomGenerator;

/**
 * A generator that knows how far it has come, so that a training that was interrupted can go on
 * with the numbers that it would have drawn.
 */
public final class RandomStream implements RandomGenerator {
  private final RandomGenerator source;
  private long draws;

  RandomStream(RandomGenerator source) {
    this.source = source;
  }

  /** Of which all other methods make their numbers. */
  @Override
  public long nextLong() {
    draws++;
    return source.nextLong();
  }

  /** How many numbers were drawn. */
  public long draws() {
    return draws;
  }

  /**
   * Goes on where it was after so many numbers.
   *
   * @throws IllegalArgumentException if it has come further already
   */
  public void skipTo(long draws) {
    if (draws < this.draws) {
      throw new IllegalArgumentException(
          "%d numbers are drawn, more than %d".formatted(this.draws, draws));
    }
    while (this.draws < draws) {
      nextLong();
    }
  }
}
