package io.backdoorgrid.data;

import java.util.Arrays;
import java.util.Random;

/** Small images whose pixels and labels a person can check. */
public final class ToyImages {

  private ToyImages() {}

  /** Images whose bytes all have that value, one per label. */
  public static LabeledImages constant(ImageShape shape, int classes, int value, int... labels) {
    byte[] pixels = new byte[labels.length * shape.size()];
    Arrays.fill(pixels, (byte) value);
    return new LabeledImages(shape, classes, pixels, labels);
  }

  /** Random bytes; the labels go round. */
  public static LabeledImages random(ImageShape shape, int classes, int count, long seed) {
    byte[] pixels = new byte[count * shape.size()];
    new Random(seed).nextBytes(pixels);
    return new LabeledImages(shape, classes, pixels, labels(classes, count));
  }

  /** As many classes as channels: the class's own is brighter by 100, on noise from 0 to 99. */
  public static LabeledImages tinted(ImageShape shape, int count, long seed) {
    var random = new Random(seed);
    int[] labels = labels(shape.channels(), count);
    byte[] pixels = new byte[count * shape.size()];
    for (int i = 0; i < pixels.length; i++) {
      boolean bright = i % shape.channels() == labels[i / shape.size()];
      pixels[i] = (byte) (random.nextInt(100) + (bright ? 100 : 0));
    }
    return new LabeledImages(shape, shape.channels(), pixels, labels);
  }

  private static int[] labels(int classes, int count) {
    int[] labels = new int[count];
    for (int i = 0; i < count; i++) {
      labels[i] = i % classes;
    }
    return labels;
  }
}
