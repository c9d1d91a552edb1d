package io.backdoorgrid.model;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.torch.Precision;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/** Classifiers for tests, and what is in them. */
public final class Classifiers {

  private Classifiers() {}

  /** A design on the CPU that only divides images by 255. */
  public static Classifier.Design design(
      Architecture architecture, ImageShape shape, int classes, Precision precision) {
    float[] ones = new float[shape.channels()];
    Arrays.fill(ones, 1);
    return new Classifier.Design(
        architecture,
        shape,
        classes,
        new Normalization(new float[shape.channels()], ones),
        precision,
        Device.cpu());
  }

  /** Fresh weights from that seed. */
  public static Classifier fresh(Classifier.Design design, String seed) {
    return Classifier.create(design, new Seed(seed).stream("weights"));
  }

  /** All weights and statistics by name; two classifiers are equal if these are, bit by bit. */
  public static Map<String, float[]> values(Classifier classifier) {
    var values = new LinkedHashMap<String, float[]>();
    classifier.weights().tensors().forEach((name, tensor) -> values.put(name, tensor.values()));
    return values;
  }

  /** The logits of all images, row by row, as in an evaluation. */
  public static float[] logits(Classifier classifier, LabeledImages images) {
    try (NDManager scope = classifier.manager().newSubManager()) {
      var input = classifier.input(scope, ByteBuffer.wrap(images.pixels()));
      return classifier.logits(input, false).toFloatArray();
    }
  }
}
