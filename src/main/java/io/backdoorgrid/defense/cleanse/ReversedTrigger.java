package io.backdoorgrid.defense.cleanse;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Picture;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.Map;

/**
 * A patch that makes a network see a class in any image.
 *
 * @param shape of the images
 * @param mask per pixel, from 0, which leaves it, to 1, which replaces it
 * @param pattern per byte of an image, from 0 to 1
 * @param success share of the images on which it succeeds, 0 to 1
 */
record ReversedTrigger(ImageShape shape, float[] mask, float[] pattern, double success) {

  private static final String MASK = "mask";
  private static final String PATTERN = "pattern";
  private static final String SUCCESS = "success";

  static ReversedTrigger of(ImageShape shape, SafeTensors tensors) {
    return new ReversedTrigger(
        shape,
        tensors.tensors().get(MASK).values(),
        tensors.tensors().get(PATTERN).values(),
        tensors.tensors().get(SUCCESS).values()[0]);
  }

  SafeTensors toTensors() {
    return new SafeTensors(
        Map.of(
            MASK,
            new Tensor(new long[] {mask.length}, mask),
            PATTERN,
            new Tensor(new long[] {pattern.length}, pattern),
            SUCCESS,
            new Tensor(new long[] {1}, new float[] {(float) success})));
  }

  /** The sum of the mask. */
  double size() {
    double sum = 0;
    for (float value : mask) {
      sum += value;
    }
    return sum;
  }

  /** Puts it on one of the images, in place. */
  void stamp(LabeledImages images, int position) {
    int from = position * shape.size();
    for (int i = 0; i < shape.size(); i++) {
      float m = mask[i / shape.channels()];
      float old = images.pixels()[from + i] & 0xFF;
      images.pixels()[from + i] = Pixels.clamped((1 - m) * old + m * 255 * pattern[i] + 0.5f);
    }
  }

  /** On black. */
  Picture picture() {
    var black = new LabeledImages(shape, 1, new byte[shape.size()], new int[1]);
    stamp(black, 0);
    return new Picture(shape, black.pixels());
  }

  Picture maskPicture() {
    byte[] grey = new byte[mask.length];
    for (int i = 0; i < grey.length; i++) {
      grey[i] = Pixels.clamped(255 * mask[i] + 0.5f);
    }
    return new Picture(new ImageShape(shape.height(), shape.width(), 1), grey);
  }
}
