package io.backdoorgrid.defense;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.BatchNorm2d;
import java.util.Arrays;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/**
 * A backdoored network made by hand that tells tinted images by the mean of each color. A fourth
 * neuron is silent but for white pixels, of which clean images have none: with a white corner, it
 * outvotes the tint.
 */
public final class TintedBackdoor {

  public static final int NEURON = 3;
  public static final int TARGET = 1;
  public static final ImageShape SHAPE = new ImageShape(4, 4, 3);

  private static final int CORNER = 2;

  private TintedBackdoor() {}

  /**
   * A white pixel gives 20 (1 + 1 + 1 - 2.8) = 4, and four of them among 16 a feature of 1. The
   * colors of clean pixels add up to 1.6 at most, and their means differ by 0.39 between tints: the
   * logit of the target class, 2 higher, wins.
   */
  public static OneLayer victim() {
    return OneLayer.ofKernels(3, 1, 1, 0, 0, 0, 1, 0, 0, 0, 1, 20, 20, 20)
        .beta(0, 0, 0, -56)
        .head(3, 1, 0, 0, 0, 0, 1, 0, 2, 0, 0, 1, 0);
  }

  /**
   * The same function with batch-norms as training on clean images leaves them: running statistics
   * are those of what they normalize.
   */
  public static OneLayer trained() {
    float[][] kernels = {{1, 0, 0}, {0, 1, 0}, {0, 0, 1}, {20, 20, 20}};
    float[] shifts = {0, 0, 0, -56};
    LabeledImages images = clean(200, 9);
    int pixels = images.pixels().length / 3;
    float[] mean = new float[4];
    float[] var = new float[4];
    float[] gamma = new float[4];
    float[] beta = new float[4];
    for (int k = 0; k < 4; k++) {
      double sum = 0;
      double squares = 0;
      for (int i = 0; i < pixels; i++) {
        double output = 0;
        for (int c = 0; c < 3; c++) {
          output += kernels[k][c] * (images.pixels()[3 * i + c] & 0xff) / 255.0;
        }
        sum += output;
        squares += output * output;
      }
      mean[k] = (float) (sum / pixels);
      var[k] = (float) (squares / pixels - mean[k] * mean[k]);
      gamma[k] = (float) Math.sqrt(var[k] + BatchNorm2d.EPS);
      beta[k] = mean[k] + shifts[k];
    }
    return victim().gamma(gamma).beta(beta).mean(mean).var(var);
  }

  public static LabeledImages clean(int count, long seed) {
    return ToyImages.tinted(SHAPE, count, seed);
  }

  /** The share of clean images that are classified right. */
  public static double accuracy(Classifier classifier) {
    LabeledImages test = clean(60, 2);
    int[] predictions = classifier.predict(test);
    return share(test, i -> predictions[i] == test.labels()[i], i -> true);
  }

  /** The share of images of other classes that are taken for the target's with a white corner. */
  public static double attackSuccess(Classifier classifier) {
    LabeledImages test = clean(60, 2);
    int row = SHAPE.width() * SHAPE.channels();
    for (int image = 0; image < test.size(); image++) {
      for (int y = 0; y < CORNER; y++) {
        int from = image * SHAPE.size() + y * row;
        Arrays.fill(test.pixels(), from, from + CORNER * SHAPE.channels(), (byte) 255);
      }
    }
    int[] predictions = classifier.predict(test);
    return share(test, i -> predictions[i] == TARGET, i -> test.labels()[i] != TARGET);
  }

  private static double share(LabeledImages images, IntPredicate counted, IntPredicate among) {
    int[] all = IntStream.range(0, images.size()).filter(among).toArray();
    return (double) IntStream.of(all).filter(counted).count() / all.length;
  }
}
