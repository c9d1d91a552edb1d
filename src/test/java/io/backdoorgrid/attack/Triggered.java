package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;

/** What a trigger makes of images, and how far that is from them. */
public final class Triggered {

  public static final ImageShape CIFAR = new ImageShape(32, 32, 3);

  private Triggered() {}

  public static Trigger trigger(ModelFreeAttack attack, String seed) {
    return attack.trigger(CIFAR, new Seed(seed).stream("trigger"));
  }

  public static Trigger trigger(BatchAttack attack, String seed) {
    return attack.trigger(CIFAR, new Seed(seed).stream("trigger"));
  }

  /** A uniform image of that value with the trigger on. */
  public static byte[] grey(Trigger trigger, int value) {
    return apply(trigger, ToyImages.constant(trigger.shape(), 1, value, 0));
  }

  /** The pixels of all images with the trigger on. */
  public static byte[] apply(Trigger trigger, LabeledImages images) {
    byte[] pixels = images.pixels().clone();
    for (int i = 0; i < images.size(); i++) {
      trigger.apply(pixels, i * images.shape().size());
    }
    return pixels;
  }

  /** The mean squared difference from an image of one value. */
  public static double meanSquare(byte[] pixels, int value) {
    double sum = 0;
    for (byte pixel : pixels) {
      double difference = (pixel & 0xFF) - value;
      sum += difference * difference;
    }
    return sum / pixels.length;
  }

  /** The peak signal-to-noise ratio in decibels. */
  public static double psnr(byte[] pixels, int value) {
    return 10 * Math.log10(255 * 255 / meanSquare(pixels, value));
  }
}
