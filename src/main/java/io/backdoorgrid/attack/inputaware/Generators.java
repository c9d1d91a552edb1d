package io.backdoorgrid.attack.inputaware;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import java.util.random.RandomGenerator;

/**
 * The two networks of {@link InputAware}, and its formulas. Pixels and patterns are (n, height,
 * width, channels) on the scale 0 to 255, masks (n, height, width, 1) from 0 to 1; all is float32.
 *
 * <p>The networks read {@code (x - 127.5) / 63.75}. That is close to the benchmarks' normalization
 * of natural images, and does not depend on the victim's: the trigger is defined on images.
 */
final class Generators {

  private static final float CENTRE = 127.5f;
  private static final float SPREAD = 63.75f;

  /** Keeps the slope of a root finite at 0. */
  private static final double GUARD = 1e-12;

  private static final double EPS = 1e-7;
  private static final int[] PER_ROW = {1};

  private final Generator pattern;
  private final Generator mask;
  private final NDArray centre;
  private final NDArray scale;

  private Generators(NDManager manager, Generator pattern, Generator mask) {
    this.pattern = pattern;
    this.mask = mask;
    this.centre = manager.create(CENTRE);
    this.scale = manager.create(1 / SPREAD);
  }

  static Generators create(NDManager manager, int channels, int width, RandomGenerator random) {
    return new Generators(
        manager,
        Generator.create(manager, channels, channels, width, random),
        Generator.create(manager, channels, 1, width, random));
  }

  static Generators load(NDManager manager, int channels, SafeTensors pattern, SafeTensors mask) {
    return new Generators(
        manager,
        Generator.load(manager, channels, channels, pattern),
        Generator.load(manager, channels, 1, mask));
  }

  Generator pattern() {
    return pattern;
  }

  Generator mask() {
    return mask;
  }

  /** Pixels as the networks read them, (n, channels, height, width). */
  NDArray read(NDArray pixels) {
    return Ops.images(pixels, centre, scale, Precision.FLOAT32);
  }

  /** Of what {@link #read} gave. */
  NDArray patterns(NDArray input, boolean training) {
    return Ops.scaled(pattern.apply(input, training), 255).transpose(0, 2, 3, 1);
  }

  /** Of what {@link #read} gave. */
  NDArray masks(NDArray input, boolean training) {
    return threshold(mask.apply(input, training)).transpose(0, 2, 3, 1);
  }

  /** Nearly 0 below 1/2 and nearly 1 above: {@code tanh(20 h - 10) / 2 + 1/2}. */
  static NDArray threshold(NDArray values) {
    return Ops.stepped(values, 20, 0.5);
  }

  /** {@code x + (pattern - x) mask}. */
  static NDArray blend(NDArray pixels, NDArray patterns, NDArray masks) {
    return pixels.add(patterns.sub(pixels).mul(masks));
  }

  /**
   * How far images are from each other, relative to the distance of their outputs: the mean over
   * pairs of {@code |x1 - x2| / (|y1 - y2| + 1e-7)}, with root mean squares as norms. Pairs of
   * equal images add nothing.
   */
  static NDArray diversity(NDArray x1, NDArray x2, NDArray y1, NDArray y2) {
    NDArray wanted = meanSquare(x1.sub(x2)).sqrt();
    NDArray achieved = meanSquare(y1.sub(y2)).add(GUARD).sqrt();
    return wanted.div(achieved.add(EPS)).mean();
  }

  private static NDArray meanSquare(NDArray differences) {
    return differences.square().reshape(differences.getShape().get(0), -1).mean(PER_ROW);
  }

  /** By how much masks exceed the density, in the mean over all pixels. */
  static NDArray excess(NDArray masks, double density) {
    return Ops.relu(masks.sub(density)).mean();
  }
}
