package io.backdoorgrid.grid;

/** Numbers of things in words: {@code 1 trial}, {@code 1,200 trials}. */
public final class Counts {

  private Counts() {}

  /**
   * @param noun of one, such as {@code victim}; several have an s more
   */
  public static String of(long count, String noun) {
    return "%,d %s%s".formatted(count, noun, count == 1 ? "" : "s");
  }
}
