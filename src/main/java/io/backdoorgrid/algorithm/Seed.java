package io.backdoorgrid.algorithm;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.random.RandomGenerator;
import java.util.random.RandomGeneratorFactory;

/**
 * The source of all random draws of a victim or trial: one independent generator per purpose, so
 * that a draw more for one purpose changes nothing in another.
 *
 * @param id identity of the victim or trial
 */
public record Seed(String id) {

  private static final RandomGeneratorFactory<RandomGenerator> FACTORY =
      RandomGeneratorFactory.of("L64X128MixRandom");

  /** A generator that gives the same numbers for the same id and purpose on every machine. */
  public RandomGenerator stream(String purpose) {
    return FACTORY.create(ByteBuffer.wrap(sha256(id + "/" + purpose)).getLong());
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

  private static byte[] sha256(String text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
