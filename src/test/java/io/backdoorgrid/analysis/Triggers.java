package io.backdoorgrid.analysis;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import java.util.Arrays;

/** Pairs of images for tests. */
final class Triggers {

  private Triggers() {}

  /** Random images, the second of each pair with a white top left byte; class {@code wanted}. */
  static Pairs whiteCorner(ImageShape shape, int classes, int count, int wanted) {
    LabeledImages clean = ToyImages.random(shape, classes, count, 3);
    LabeledImages triggered = clean.copy();
    for (int i = 0; i < count; i++) {
      triggered.pixels()[i * shape.size()] = (byte) 255;
    }
    return pairs(clean, triggered, wanted);
  }

  static Pairs pairs(LabeledImages clean, LabeledImages triggered, int wanted) {
    int[] labels = new int[clean.size()];
    Arrays.fill(labels, wanted);
    return new Pairs(clean, triggered, labels);
  }
}
