package io.backdoorgrid.defense.cleandata;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * What a network makes of images that were changed so that one of its feature maps changes most.
 * Several maps are searched at once, each on its own copy of the images.
 *
 * @param eps of the step on the scale 0 to 255
 * @param start of the noise before it, on that scale
 */
record FeatureMapProbe(Classifier network, LabeledImages images, double eps, double start) {

  /** Images at a time, all copies counted. */
  private static final int TOGETHER = 256;

  /**
   * @param accuracies of the unit's maps, 0 to 1, to be filled
   * @param losses mean cross entropies, to be filled
   */
  void measure(ConvUnit unit, float[] accuracies, float[] losses, RandomGenerator random) {
    int copies = Math.max(1, TOGETHER / images.size());
    for (int from = 0; from < accuracies.length; from += copies) {
      int count = Math.min(copies, accuracies.length - from);
      try (NDManager scope = network.manager().newSubManager()) {
        NDArray changed = changed(scope, unit, from, count, random);
        NDArray logits = network.logits(network.input(changed), false);
        NDArray labels = Pixels.labels(scope, images.select(repeated(count)));
        long[] predictions = Ops.predictions(logits).toLongArray();
        float[] entropies = Ops.crossEntropies(logits, labels).toFloatArray();
        for (int i = 0; i < predictions.length; i++) {
          int map = from + i / images.size();
          int image = i % images.size();
          accuracies[map] += predictions[i] == images.labels()[image] ? 1f / images.size() : 0;
          losses[map] += entropies[i] / images.size();
        }
      }
    }
  }

  /** A copy of the images for each of the maps, one behind the other. */
  private NDArray changed(
      NDManager scope, ConvUnit unit, int from, int count, RandomGenerator random) {
    int size = images.size();
    long[] rows = Arrays.stream(repeated(count)).asLongStream().toArray();
    NDArray clean = Ops.rows(output(unit, Pixels.of(scope, images)), scope.create(rows));
    NDArray copies = Pixels.of(scope, images.select(repeated(count)));
    NDArray begun = copies.add(noise(scope, count * size, random)).clip(0, 255);
    begun.setRequiresGradient(true);
    float[] wanted = new float[count * size * unit.channels()];
    for (int i = 0; i < count * size; i++) {
      wanted[i * unit.channels() + from + i / size] = 1;
    }
    NDArray mask = scope.create(wanted, new Shape(count * size, unit.channels(), 1, 1));
    NDArray change = Torch.recording(() -> output(unit, begun).sub(clean).square().mul(mask).sum());
    NDArray slopes = Ops.gradients(change, List.of(begun)).get(0);
    return begun.stopGradient().add(slopes.sign().mul((float) eps)).clip(0, 255);
  }

  /** The positions of all images, so many times. */
  private int[] repeated(int times) {
    return IntStream.range(0, times * images.size()).map(i -> i % images.size()).toArray();
  }

  private NDArray output(ConvUnit unit, NDArray pixels) {
    NDArray maps =
        network.outputs(List.of(unit.name()), network.input(pixels), false).get(unit.name());
    return Ops.cast(maps, Precision.FLOAT32);
  }

  private NDArray noise(NDManager scope, int count, RandomGenerator random) {
    ImageShape shape = images.shape();
    float[] noise = new float[count * shape.size()];
    for (int i = 0; i < noise.length; i++) {
      noise[i] = (float) (random.nextBoolean() ? start : -start);
    }
    return scope.create(noise, new Shape(count, shape.height(), shape.width(), shape.channels()));
  }
}
