package io.backdoorgrid.defense.holder;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.Map;

/** Images of one pixel, and a network that takes the pixel's channels, over 255, for features. */
final class PixelFeatures {

  private PixelFeatures() {}

  static Classifier extractor(int features, int classes) {
    float[] identity = new float[features * features];
    for (int c = 0; c < features; c++) {
      identity[c * features + c] = 1;
    }
    return Classifier.load(
        Classifiers.design(
            new TinyNet(features, 1, false),
            new ImageShape(1, 1, features),
            classes,
            Precision.FLOAT32),
        new SafeTensors(
            Map.of(
                "conv.weight",
                new Tensor(new long[] {features, features, 1, 1}, identity),
                "linear.weight",
                new Tensor(new long[] {classes, features}, new float[classes * features]),
                "linear.bias",
                new Tensor(new long[] {classes}, new float[classes]))));
  }

  /** An image per row of bytes. */
  static LabeledImages images(int classes, int[][] rows, int... labels) {
    int features = rows[0].length;
    byte[] pixels = new byte[rows.length * features];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) rows[i / features][i % features];
    }
    return new LabeledImages(new ImageShape(1, 1, features), classes, pixels, labels);
  }
}
