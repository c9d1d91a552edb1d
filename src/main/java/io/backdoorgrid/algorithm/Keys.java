package io.backdoorgrid.algorithm;

import java.util.Locale;

/** How names of Java are written in grid files. */
final class Keys {

  private Keys() {}

  /** {@code learningRate} and {@code LEARNING_RATE} both become {@code learning-rate}. */
  static String kebab(String javaName) {
    boolean constant = javaName.equals(javaName.toUpperCase(Locale.ROOT));
    return constant
        ? javaName.toLowerCase(Locale.ROOT).replace('_', '-')
        : javaName.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
  }
}
