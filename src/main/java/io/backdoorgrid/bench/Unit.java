package io.backdoorgrid.bench;

/** The unit of a measurement. */
public enum Unit {
  IMAGES_PER_SECOND("images/s"),
  /** Billions of multiplications, each with its addition. */
  GIGA_MULTIPLICATIONS_PER_SECOND("GMAC/s"),
  PERCENT("%"),
  SECONDS("s");

  private final String text;

  Unit(String text) {
    this.text = text;
  }

  @Override
  public String toString() {
    return text;
  }
}
