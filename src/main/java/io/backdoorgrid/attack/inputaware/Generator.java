package io.backdoorgrid.attack.inputaware;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.BiasedConv2d;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.StoredWeights;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Generates a picture from a picture, as in Input-Aware (Nguyen and Tran, NeurIPS 2020): three
 * times two convolutions and max-pooling, one convolution in between, then bilinear enlargement and
 * two convolutions, until the old size is reached. Each convolution is followed by a batch-norm,
 * and each but the last by ReLU.
 *
 * <p>The result lies between 0 and 1: {@code tanh(z) / 2 + 1/2}. (The authors divide by 2 + 1e-7,
 * which float32 cannot tell from 2.)
 */
final class Generator extends Layer {

  /** Height and width must be a multiple of it. */
  static final int GRANULARITY = 8;

  private static final String FIRST = "down.0.conv.weight";
  private static final double MOMENTUM = 0.05;
  private static final int KERNEL = 3;

  private final List<Block> contracting = new ArrayList<>();
  private final Block middle;
  private final List<Block> expanding = new ArrayList<>();

  private Generator(int in, int out, int width) {
    for (int[] edges : contracting(in, width)) {
      contracting.add(add("down." + contracting.size(), new Block(edges[0], edges[1])));
    }
    middle = add("middle", new Block(4 * width, 4 * width));
    for (int[] edges : expanding(out, width)) {
      expanding.add(add("up." + expanding.size(), new Block(edges[0], edges[1])));
    }
  }

  private static int[][] contracting(int in, int width) {
    return new int[][] {
      {in, width},
      {width, width},
      {width, 2 * width},
      {2 * width, 2 * width},
      {2 * width, 4 * width},
      {4 * width, 4 * width}
    };
  }

  private static int[][] expanding(int out, int width) {
    return new int[][] {
      {4 * width, 4 * width},
      {4 * width, 2 * width},
      {2 * width, 2 * width},
      {2 * width, width},
      {width, width},
      {width, out}
    };
  }

  /**
   * A generator with fresh weights, all drawn from {@code random}.
   *
   * @param manager owns the weights
   * @param in channels of the pictures that it reads
   * @param out channels of those that it makes
   * @param width channels of the first convolution, doubled twice on the way down
   */
  static Generator create(NDManager manager, int in, int out, int width, RandomGenerator random) {
    var generator = new Generator(in, out, width);
    generator.initialize(manager, new InitialWeights(random)::of);
    return generator;
  }

  /**
   * A generator with stored weights, as {@link #weights} gives them.
   *
   * @throws IllegalArgumentException if names or shapes are not those of such a generator
   */
  static Generator load(NDManager manager, int in, int out, SafeTensors weights) {
    Generator generator = like(in, out, weights);
    StoredWeights.load(manager, generator, weights);
    return generator;
  }

  /**
   * @throws IllegalArgumentException if {@link #load} would throw one
   */
  static void requireFit(int in, int out, SafeTensors weights) {
    StoredWeights.requireFit(like(in, out, weights), weights.tensors());
  }

  private static Generator like(int in, int out, SafeTensors weights) {
    SafeTensors.Tensor first = weights.tensors().get(FIRST);
    require(first != null && first.shape().length == 4, "these are not a generator's weights");
    return new Generator(in, out, (int) first.shape()[0]);
  }

  /** (n, in, height, width) to (n, out, height, width), from 0 to 1. */
  NDArray apply(NDArray images, boolean training) {
    NDArray x = images;
    for (int i = 0; i < contracting.size(); i += 2) {
      x = contracting.get(i).applyRelu(x, training);
      x = Ops.maxPool(contracting.get(i + 1).applyRelu(x, training));
    }
    x = middle.applyRelu(x, training);
    int last = expanding.size() - 1;
    for (int i = 0; i < expanding.size(); i++) {
      x = i % 2 == 0 ? Ops.doubled(x) : x;
      x = i < last ? expanding.get(i).applyRelu(x, training) : expanding.get(i).apply(x, training);
    }
    return Ops.stepped(x, 1, 0);
  }

  /** Multiplications of one picture, in billions, to estimate costs. */
  static double gigaMultiplications(ImageShape shape, int out, int width) {
    double area = (double) shape.height() * shape.width();
    double sum = area / 64 * 16 * width * width;
    int[][] down = contracting(shape.channels(), width);
    int[][] up = expanding(out, width);
    for (int i = 0; i < down.length; i++) {
      double shrunk = Math.pow(4, i / 2);
      sum += area / shrunk * down[i][0] * down[i][1];
      sum += area / shrunk * up[up.length - 1 - i][0] * up[up.length - 1 - i][1];
    }
    return KERNEL * KERNEL * sum / 1e9;
  }

  private static final class Block extends Layer {
    private final BiasedConv2d conv;
    private final BatchNorm2d norm;

    Block(int in, int out) {
      conv = add("conv", new BiasedConv2d(in, out, KERNEL, 1));
      norm = add("norm", new BatchNorm2d(out, MOMENTUM));
    }

    NDArray apply(NDArray x, boolean training) {
      return norm.apply(conv.apply(x), training);
    }

    NDArray applyRelu(NDArray x, boolean training) {
      return norm.applyRelu(conv.apply(x), training);
    }
  }
}
