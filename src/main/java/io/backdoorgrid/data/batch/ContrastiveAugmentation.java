package io.backdoorgrid.data.batch;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requireShare;

/**
 * How two views of an image are drawn for contrastive learning (SimCLR; Chen et al., ICML 2020), in
 * this order: a random crop, resized to the old size; a mirror image; color jitter; grayscale;
 * blur.
 *
 * @param minArea the crop's share of the image is uniform from it to 1; above 0 and at most 1,
 *     where nothing is cropped
 * @param flip probability of mirroring left to right; 0 where that changes the class, as on traffic
 *     signs
 * @param jitter probability of changing the four following, in random order
 * @param brightness a factor up to this far from 1, not negative, as are the next two
 * @param contrast a factor for the distance from the image's mean luminance
 * @param saturation a factor for the distance from each pixel's luminance
 * @param hue up to this part of a turn in either direction, 0 to 0.5
 * @param grayscale probability of losing all color
 * @param blur probability of blurring
 * @param minSigma of the blur in pixels, positive
 * @param maxSigma not below {@code minSigma}
 */
public record ContrastiveAugmentation(
    double minArea,
    double flip,
    double jitter,
    double brightness,
    double contrast,
    double saturation,
    double hue,
    double grayscale,
    double blur,
    double minSigma,
    double maxSigma) {

  /** No change. */
  public static final ContrastiveAugmentation NONE =
      new ContrastiveAugmentation(1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1);

  public ContrastiveAugmentation {
    require(minArea > 0 && minArea <= 1, "min-area must be above 0 and at most 1, got %s", minArea);
    requireShare("flip", flip);
    requireShare("jitter", jitter);
    requireShare("grayscale", grayscale);
    requireShare("blur", blur);
    strength("brightness", brightness);
    strength("contrast", contrast);
    strength("saturation", saturation);
    require(hue >= 0 && hue <= 0.5, "hue must be from 0 to 0.5, got %s", hue);
    require(
        minSigma > 0 && minSigma <= maxSigma && Double.isFinite(maxSigma),
        "sigma must be positive and rise, got %s to %s",
        minSigma,
        maxSigma);
  }

  /** What DBD (Huang et al., ICLR 2022) and its successors use on images of 32 by 32 pixels. */
  public ContrastiveAugmentation() {
    this(0.2, 0.5, 0.8, 0.4, 0.4, 0.4, 0.1, 0.2, 0.5, 0.1, 2);
  }

  private static void strength(String name, double value) {
    require(value >= 0 && Double.isFinite(value), "%s must not be negative, got %s", name, value);
  }
}
