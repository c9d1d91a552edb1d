package io.backdoorgrid.attack.inputaware;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.random.RandomGenerator;

/**
 * A pattern for each image, seen through a mask for each image: two networks generate both from the
 * image. It owns no native memory; the networks are there as long as images are being changed.
 *
 * @param shape of the images
 * @param pattern weights of the network that makes patterns
 * @param mask weights of the network that makes masks
 */
record MaskedPattern(ImageShape shape, SafeTensors pattern, SafeTensors mask) implements Trigger {

  private static final String MASK = "mask.";
  private static final String PATTERN = "pattern.";

  /**
   * The fixed number of images at a time: libtorch chooses algorithms by the shape, and an image
   * has to get the same pattern whatever the other images are.
   */
  private static final int BATCH = 16;

  public MaskedPattern {
    requireShape(shape);
    Generator.requireFit(shape.channels(), shape.channels(), pattern);
    Generator.requireFit(shape.channels(), 1, mask);
  }

  static void requireShape(ImageShape shape) {
    require(
        shape.height() % Generator.GRANULARITY == 0 && shape.width() % Generator.GRANULARITY == 0,
        "input-aware needs images whose height and width are multiples of %d, got %s",
        Generator.GRANULARITY,
        shape);
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    int[] offsets = {offset};
    put(pixels, offsets, pixels, offsets);
  }

  @Override
  public void apply(LabeledImages images, int[] positions) {
    int[] offsets = Arrays.stream(positions).map(i -> i * shape.size()).toArray();
    put(images.pixels(), offsets, images.pixels(), offsets);
  }

  /** Every image with the pattern and mask of another one, drawn at random; each is drawn once. */
  LabeledImages exchanged(LabeledImages images, RandomGenerator random) {
    int[] order = Seed.permutation(images.size(), random);
    int[] sources = new int[order.length];
    int[] targets = new int[order.length];
    for (int i = 0; i < order.length; i++) {
      sources[i] = order[i] * shape.size();
      targets[i] = order[(i + 1) % order.length] * shape.size();
    }
    LabeledImages exchanged = images.copy();
    put(images.pixels(), sources, exchanged.pixels(), targets);
    return exchanged;
  }

  /** Puts what is made of the images at {@code from} on those at {@code to}. */
  private void put(byte[] sources, int[] from, byte[] targets, int[] to) {
    ByteBuffer bytes = ByteBuffer.allocateDirect(BATCH * shape.size());
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      Generators generators = Generators.load(manager, shape.channels(), pattern, mask);
      for (int first = 0; first < from.length; first += BATCH) {
        int count = Math.min(BATCH, from.length - first);
        bytes.clear();
        for (int i = first; i < first + count; i++) {
          bytes.put(sources, from[i], shape.size());
        }
        try (NDManager scope = manager.newSubManager()) {
          NDArray input = generators.read(images(scope, bytes.rewind()));
          float[] patterns = generators.patterns(input, false).toFloatArray();
          float[] masks = generators.masks(input, false).toFloatArray();
          for (int i = 0; i < count; i++) {
            blend(targets, to[first + i], patterns, masks, i);
          }
        }
      }
    }
  }

  private NDArray images(NDManager scope, ByteBuffer bytes) {
    return scope.create(
        bytes, new Shape(BATCH, shape.height(), shape.width(), shape.channels()), DataType.UINT8);
  }

  private void blend(byte[] pixels, int offset, float[] patterns, float[] masks, int image) {
    for (int i = 0; i < shape.size(); i++) {
      float opacity = masks[(image * shape.size() + i) / shape.channels()];
      float x = pixels[offset + i] & 0xFF;
      float change = opacity * (patterns[image * shape.size() + i] - x);
      pixels[offset + i] = Pixels.clamped(x + change);
    }
  }

  @Override
  public SafeTensors toTensors() {
    var tensors = new LinkedHashMap<>(pattern.under(PATTERN));
    tensors.putAll(mask.under(MASK));
    return new SafeTensors(tensors);
  }

  static MaskedPattern of(ImageShape shape, SafeTensors tensors) {
    return new MaskedPattern(shape, tensors.part(PATTERN), tensors.part(MASK));
  }
}
