package io.backdoorgrid.picture;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;

/**
 * How far images are from their originals.
 *
 * @param originals as they were
 * @param changed the same images, changed
 */
public record Distortion(LabeledImages originals, LabeledImages changed) {

  private static final int WHITE = 255;

  /** More would show the rounding of weak triggers as if it were a pattern. */
  private static final int MAX_FACTOR = 20;

  public Distortion {
    if (!originals.shape().equals(changed.shape()) || originals.size() != changed.size()) {
      throw new IllegalArgumentException(
          "%d images of %s are no change of %d of %s"
              .formatted(changed.size(), changed.shape(), originals.size(), originals.shape()));
    }
  }

  /**
   * The peak signal-to-noise ratio in decibels, by the mean squared error over all images; infinite
   * if nothing changed.
   */
  public double psnr() {
    double sum = 0;
    for (int i = 0; i < originals.pixels().length; i++) {
      sum += Math.pow(difference(i), 2);
    }
    return 10 * Math.log10(WHITE * WHITE / (sum / originals.pixels().length));
  }

  /** The largest change of any byte, 0 to 255. */
  public int largest() {
    int largest = 0;
    for (int i = 0; i < originals.pixels().length; i++) {
      largest = Math.max(largest, difference(i));
    }
    return largest;
  }

  /** The share of pixels of which some channel changed, 0 to 1. */
  public double changedPixels() {
    ImageShape shape = originals.shape();
    int pixels = originals.pixels().length / shape.channels();
    int count = 0;
    for (int pixel = 0; pixel < pixels; pixel++) {
      boolean differs = false;
      for (int c = 0; c < shape.channels(); c++) {
        differs |= difference(pixel * shape.channels() + c) != 0;
      }
      count += differs ? 1 : 0;
    }
    return (double) count / pixels;
  }

  /** The factor that makes the largest change white or nearly so: 1 to 20, 1 if there is none. */
  public int visibleFactor() {
    return largest() == 0 ? 1 : Math.min(MAX_FACTOR, WHITE / largest());
  }

  /** The changes as images: absolute, multiplied and clamped. */
  public LabeledImages amplified(int factor) {
    LabeledImages images = originals.copy();
    for (int i = 0; i < images.pixels().length; i++) {
      images.pixels()[i] = (byte) Math.min(WHITE, factor * difference(i));
    }
    return images;
  }

  private int difference(int i) {
    return Math.abs((changed.pixels()[i] & 0xFF) - (originals.pixels()[i] & 0xFF));
  }
}
