package io.backdoorgrid.run.outside;

/**
 * A share of images, as a sample tells it.
 *
 * @param hits of {@code count} images
 */
public record Share(int hits, int count) {

  /** Of the normal distribution, for 95 %. */
  private static final double Z = 1.959964;

  static Share of(int[] predictions, int[] wanted) {
    int hits = 0;
    for (int i = 0; i < wanted.length; i++) {
      hits += predictions[i] == wanted[i] ? 1 : 0;
    }
    return new Share(hits, wanted.length);
  }

  public double percent() {
    return 100.0 * hits / count;
  }

  /** The lower end of Wilson's interval of 95 %, in percent. */
  public double least() {
    return 100 * (centre() - half());
  }

  /** The upper end. */
  public double most() {
    return 100 * (centre() + half());
  }

  private double centre() {
    return (hits + Z * Z / 2) / (count + Z * Z);
  }

  private double half() {
    double p = (double) hits / count;
    return Z / (count + Z * Z) * Math.sqrt(count * p * (1 - p) + Z * Z / 4);
  }
}
