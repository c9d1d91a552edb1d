package io.backdoorgrid.algorithm;

import java.nio.ByteBuffer;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * The source of all random draws of a victim or trial: one independent generator per purpose, so
 * that an additional draw for one purpose changes nothing for another.
 *
 * @param id identity of the victim or trial
 */
public record Seed(String id) {

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /** A generator that gives the same numbers for the same id and purpose on every machine. */
  public RandomStream stream(String purpose) {
    return new RandomStream(
        FACTORY.create(ByteBuffer.wrap(DigestUtils.sha256(id + "/" + purpose)).getLong()));
  }

  /** The order 0 to n - 1, shuffled. */
  public static int[] permutation(int n, RandomGenerator random) {
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      int j = random.nextInt(i + 1);
      order[i] = order[j];
      order[j] = i;
    }
    return order;
  }
}
