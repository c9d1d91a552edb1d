package io.backdoorgrid.attack.batch;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import java.util.LinkedHashMap;

/**
 * Fewer shades: every value becomes the nearest of some evenly spaced ones, {@code round(x / 255 (d
 * - 1)) 255 / (d - 1)}. With dithering, a pixel's error is passed on to its neighbors (Floyd and
 * Steinberg, 1976), so that areas keep their mean, and shades are rounded to bytes, not truncated.
 *
 * @param shape of the images
 * @param levels d, 2 to 256
 */
record Quantization(ImageShape shape, int levels, boolean dithering) implements Trigger {

  private static final String LEVELS = "levels";
  private static final String DITHERING = "dithering";

  public Quantization {
    require(levels >= 2 && levels <= 256, "levels must be from 2 to 256, got %d", levels);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    float[] shades = shades(pixels, offset);
    float rounding = dithering ? 0.5f : 0;
    for (int i = 0; i < shades.length; i++) {
      pixels[offset + i] = Pixels.clamped(shades[i] + rounding);
    }
  }

  /** What the image that starts at {@code offset} becomes, before it is stored in bytes. */
  float[] shades(byte[] pixels, int offset) {
    float[] values = new float[shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = pixels[offset + i] & 0xFF;
    }
    if (dithering) {
      dither(values);
    } else {
      for (int i = 0; i < values.length; i++) {
        values[i] = nearest(values[i]);
      }
    }
    return values;
  }

  private void dither(float[] values) {
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        for (int c = 0; c < shape.channels(); c++) {
          int at = shape.offset(row, column) + c;
          float shade = nearest(values[at]);
          float error = values[at] - shade;
          values[at] = shade;
          pass(values, row, column + 1, c, error * 7 / 16);
          pass(values, row + 1, column - 1, c, error * 3 / 16);
          pass(values, row + 1, column, c, error * 5 / 16);
          pass(values, row + 1, column + 1, c, error / 16);
        }
      }
    }
  }

  private void pass(float[] values, int row, int column, int channel, float error) {
    if (row < shape.height() && column >= 0 && column < shape.width()) {
      values[shape.offset(row, column) + channel] += error;
    }
  }

  private float nearest(float value) {
    int level = Math.round(value * (levels - 1) / 255);
    return Math.max(0, Math.min(levels - 1, level)) * 255f / (levels - 1);
  }

  @Override
  public SafeTensors toTensors() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(); // the same bytes every time
    tensors.put(LEVELS, scalar(levels));
    tensors.put(DITHERING, scalar(dithering ? 1 : 0));
    return new SafeTensors(tensors);
  }

  private static SafeTensors.Tensor scalar(float value) {
    return new SafeTensors.Tensor(new long[0], new float[] {value});
  }

  static Quantization of(ImageShape shape, SafeTensors tensors) {
    return new Quantization(
        shape,
        (int) tensors.tensors().get(LEVELS).values()[0],
        tensors.tensors().get(DITHERING).values()[0] != 0);
  }
}
