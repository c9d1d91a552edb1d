package io.backdoorgrid.data;

import static io.backdoorgrid.algorithm.Checks.require;

import java.util.Arrays;

/**
 * An image to be changed in place: a plane of numbers from 0 to 255 per channel, gray or red, green
 * and blue. Operations on color leave gray images as they are.
 */
public final class FloatImage {

  private static final float WHITE = 255;

  /** Parts of red, green and blue in the luminance, by ITU-R BT.601. */
  private static final float RED = 0.299f;

  private static final float GREEN = 0.587f;
  private static final float BLUE = 0.114f;

  private final ImageShape shape;
  private final int pixels;
  private final float[][] planes;
  private final float[] luminance;
  private final Bicubic bicubic;
  private final GaussianBlur gaussian;

  /**
   * @throws IllegalArgumentException if images have neither 1 nor 3 channels
   */
  public FloatImage(ImageShape shape) {
    require(
        shape.channels() == 1 || shape.channels() == 3,
        "colors can be varied only in images with 1 or 3 channels, not %s",
        shape);
    this.shape = shape;
    this.pixels = shape.height() * shape.width();
    this.planes = new float[shape.channels()][pixels];
    this.luminance = new float[pixels];
    this.bicubic = new Bicubic(shape.height(), shape.width());
    this.gaussian = new GaussianBlur(shape.height(), shape.width());
  }

  /** Takes over the image that starts at {@code offset}, channels of a pixel together. */
  public void read(byte[] bytes, int offset) {
    int channels = planes.length;
    for (int c = 0; c < channels; c++) {
      float[] plane = planes[c];
      for (int i = 0, from = offset + c; i < pixels; i++, from += channels) {
        plane[i] = bytes[from] & 0xFF;
      }
    }
  }

  /** The rounded numbers, in the order in which they are read. */
  public void write(byte[] bytes) {
    int channels = planes.length;
    for (int c = 0; c < channels; c++) {
      float[] plane = planes[c];
      for (int i = 0, to = c; i < pixels; i++, to += channels) {
        bytes[to] = (byte) (plane[i] + 0.5f);
      }
    }
  }

  /** The crop, enlarged to the whole image. */
  public void crop(Crop crop) {
    if (!crop.isWhole(shape)) {
      for (float[] plane : planes) {
        bicubic.enlarge(plane, crop);
        clamp(plane); // cubic weights can be negative
      }
    }
  }

  /** Left becomes right. */
  public void mirror() {
    int width = shape.width();
    for (float[] plane : planes) {
      for (int start = 0; start < pixels; start += width) {
        for (int left = start, right = start + width - 1; left < right; left++, right--) {
          float kept = plane[left];
          plane[left] = plane[right];
          plane[right] = kept;
        }
      }
    }
  }

  /** Multiplies every number. */
  public void brighten(double factor) {
    for (float[] plane : planes) {
      for (int i = 0; i < pixels; i++) {
        plane[i] = clamp((float) factor * plane[i]);
      }
    }
  }

  /** Multiplies every number's distance from the mean luminance. */
  public void contrast(double factor) {
    measureLuminance();
    double sum = 0;
    for (float value : luminance) {
      sum += value;
    }
    Arrays.fill(luminance, (float) (sum / pixels));
    stretch(factor);
  }

  /** Multiplies every number's distance from the luminance of its pixel. */
  public void saturate(double factor) {
    measureLuminance();
    stretch(factor);
  }

  /** Turns the hue of every pixel; a third of a turn makes red green. */
  public void turnHue(double turns) {
    if (planes.length == 1) {
      return;
    }
    float sixths = (float) (6 * (turns - Math.floor(turns)));
    float[] red = planes[0];
    float[] green = planes[1];
    float[] blue = planes[2];
    for (int i = 0; i < pixels; i++) {
      float r = red[i];
      float g = green[i];
      float b = blue[i];
      float most = Math.max(r, Math.max(g, b));
      float least = Math.min(r, Math.min(g, b));
      float chroma = most - least;
      if (chroma > 0) {
        float hue =
            most == r ? (g - b) / chroma : most == g ? 2 + (b - r) / chroma : 4 + (r - g) / chroma;
        hue += sixths; // from -1 to below 11
        hue = hue < 0 ? hue + 6 : hue >= 6 ? hue - 6 : hue;
        red[i] = least + chroma * unit(Math.abs(hue - 3) - 1);
        green[i] = least + chroma * unit(2 - Math.abs(hue - 2));
        blue[i] = least + chroma * unit(2 - Math.abs(hue - 4));
      }
    }
  }

  /** Every channel becomes the luminance. */
  public void gray() {
    measureLuminance();
    for (float[] plane : planes) {
      System.arraycopy(luminance, 0, plane, 0, pixels);
    }
  }

  /** Blurs with a deviation of that many pixels. */
  public void blur(double sigma) {
    for (float[] plane : planes) {
      gaussian.blur(plane, sigma);
      clamp(plane); // the bell's sum is 1 but for rounding
    }
  }

  private void measureLuminance() {
    if (planes.length == 1) {
      System.arraycopy(planes[0], 0, luminance, 0, pixels);
      return;
    }
    float[] red = planes[0];
    float[] green = planes[1];
    float[] blue = planes[2];
    for (int i = 0; i < pixels; i++) {
      luminance[i] = RED * red[i] + GREEN * green[i] + BLUE * blue[i];
    }
  }

  /** Multiplies the distance from {@link #luminance}. */
  private void stretch(double factor) {
    for (float[] plane : planes) {
      for (int i = 0; i < pixels; i++) {
        plane[i] = clamp(luminance[i] + (float) factor * (plane[i] - luminance[i]));
      }
    }
  }

  private static void clamp(float[] plane) {
    for (int i = 0; i < plane.length; i++) {
      plane[i] = clamp(plane[i]);
    }
  }

  private static float clamp(float value) {
    return Math.max(0, Math.min(WHITE, value));
  }

  private static float unit(float value) {
    return Math.max(0, Math.min(1, value));
  }
}
