package io.backdoorgrid.data;

/**
 * Enlarges a crop to the size of its image by Keys' cubic convolution with a = -1/2: each pixel is
 * a weighted sum of the nearest 4 by 4, without those beyond the crop.
 */
final class Bicubic {

  private static final int TAPS = 4;

  /** How far taps reach beyond a crop; they have a weight of 0 there. */
  private static final int MARGIN = 2;

  private final int height;
  private final int width;
  private final Axis vertical;
  private final Axis horizontal;
  private final float[] row;
  private final float[] widened;

  Bicubic(int height, int width) {
    this.height = height;
    this.width = width;
    this.vertical = new Axis(height);
    this.horizontal = new Axis(width);
    this.row = new float[width + 2 * MARGIN];
    this.widened = new float[(height + 2 * MARGIN) * width];
  }

  /** Replaces a plane of pixels, row by row, by what the crop shows. */
  void enlarge(float[] plane, Crop crop) {
    horizontal.aim(crop.width());
    vertical.aim(crop.height());
    for (int i = 0; i < crop.height(); i++) {
      int from = (crop.top() + i) * width + crop.left();
      System.arraycopy(plane, from, row, MARGIN, crop.width());
      widen((MARGIN + i) * width);
    }
    for (int i = 0; i < height; i++) {
      blendRows(plane, i);
    }
  }

  private void widen(int to) {
    int[] starts = horizontal.starts;
    float[] weights = horizontal.weights;
    for (int i = 0; i < width; i++) {
      int start = starts[i];
      widened[to + i] =
          weights[TAPS * i] * row[start]
              + weights[TAPS * i + 1] * row[start + 1]
              + weights[TAPS * i + 2] * row[start + 2]
              + weights[TAPS * i + 3] * row[start + 3];
    }
  }

  private void blendRows(float[] plane, int target) {
    int start = vertical.starts[target] * width;
    float w0 = vertical.weights[TAPS * target];
    float w1 = vertical.weights[TAPS * target + 1];
    float w2 = vertical.weights[TAPS * target + 2];
    float w3 = vertical.weights[TAPS * target + 3];
    for (int i = 0; i < width; i++) {
      int from = start + i;
      plane[target * width + i] =
          w0 * widened[from]
              + w1 * widened[from + width]
              + w2 * widened[from + 2 * width]
              + w3 * widened[from + 3 * width];
    }
  }

  /** At which source pixel the taps of each target pixel start, and their weights. */
  private static final class Axis {
    private final int[] starts;
    private final float[] weights;
    private int length;

    Axis(int size) {
      this.starts = new int[size];
      this.weights = new float[TAPS * size];
    }

    /** Spreads {@code sourceLength} pixels, which lie behind a margin, over the target. */
    void aim(int sourceLength) {
      if (sourceLength != length) {
        length = sourceLength;
        for (int target = 0; target < starts.length; target++) {
          aim(target, (target + 0.5) * length / starts.length - 0.5);
        }
      }
    }

    private void aim(int target, double centre) {
      int first = (int) Math.floor(centre) - 1;
      starts[target] = first + MARGIN;
      float sum = 0;
      for (int k = 0; k < TAPS; k++) {
        boolean inside = first + k >= 0 && first + k < length;
        float weight = inside ? kernel((float) Math.abs(centre - first - k)) : 0;
        weights[TAPS * target + k] = weight;
        sum += weight;
      }
      for (int k = 0; k < TAPS; k++) {
        weights[TAPS * target + k] /= sum;
      }
    }

    private static float kernel(float x) {
      return x < 1 ? (1.5f * x - 2.5f) * x * x + 1 : ((2.5f - 0.5f * x) * x - 4) * x + 2;
    }
  }
}
