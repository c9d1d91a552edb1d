package io.backdoorgrid.attack.ssba;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** A small encoder that has learned to hide eight bits, and its decoder. */
@Tag("slow")
@ExtendWith(TorchThread.class)
class SecretTrainingTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final int BITS = 8;
  private static final LabeledImages TEST = ToyImages.tinted(SHAPE, 64, 2);

  private static final Ssba SETTINGS =
      new Ssba(
          BITS, 8, 6, 16, 3e-3, 0, new ImagePenalty(0.9, 50, 100, 10), LabelStrategy.ALL_TO_ONE, 0);

  private static SecretTraining training;
  private static float[] secret;

  @BeforeAll
  static void train() {
    var random = new Seed("a1").stream("trigger");
    training = new SecretTraining(SETTINGS, SHAPE, Device.cpu(), random);
    training.run(ToyImages.tinted(SHAPE, 960, 1));
    secret = SecretTraining.secrets(BITS, random);
  }

  @AfterAll
  static void close() {
    training.close();
  }

  @Test
  void readsTheBitsOfNewImages() {
    assertThat(read(encode(secret), secret)).isGreaterThan(0.9);
  }

  @Test
  void readsOtherBitsWhereOthersAreHidden() {
    float[] opposite = new float[BITS];
    for (int i = 0; i < BITS; i++) {
      opposite[i] = 1 - secret[i];
    }
    assertThat(read(encode(opposite), secret)).isLessThan(0.15);
  }

  @Test
  void readsNothingFromCleanImages() {
    assertThat(read(TEST, secret)).isBetween(0.25, 0.75);
  }

  /**
   * Noise and tint have the variances (100^2 - 1) / 12 = 833 and 100^2 2 / 9 = 2222: a plain gray
   * in place of every image would give 13.3 dB.
   */
  @Test
  void keepsImagesRecognisable() {
    assertThat(psnr(encode(secret))).isGreaterThan(14);
  }

  @Test
  void changesEachImageInItsOwnWay() {
    LabeledImages encoded = encode(secret);
    for (int i = 1; i < TEST.size(); i++) {
      assertThat(correlation(residual(encoded, 0), residual(encoded, i))).isLessThan(0.8);
    }
  }

  private static LabeledImages encode(float[] bits) {
    LabeledImages encoded = TEST.copy();
    new EncodedSecret(SHAPE, bits, training.encoder().weights())
        .apply(encoded, IntStream.range(0, TEST.size()).toArray());
    return encoded;
  }

  /** The share of the bits that the decoder reads from each of the images. */
  private static double read(LabeledImages images, float[] bits) {
    try (NDManager scope = Torch.newManager(Device.cpu())) {
      var input = training.encoder().input(scope, ByteBuffer.wrap(images.pixels()));
      float[] logits = training.decoder().logits(input).toFloatArray();
      float[] wanted = new float[logits.length];
      for (int i = 0; i < wanted.length; i++) {
        wanted[i] = bits[i % bits.length];
      }
      return SecretTraining.accuracy(logits, wanted);
    }
  }

  private static double psnr(LabeledImages encoded) {
    double sum = 0;
    for (int i = 0; i < TEST.size(); i++) {
      for (double change : residual(encoded, i)) {
        sum += change * change;
      }
    }
    return 10 * Math.log10(255.0 * 255 * TEST.pixels().length / sum);
  }

  private static double[] residual(LabeledImages encoded, int image) {
    double[] residual = new double[SHAPE.size()];
    for (int i = 0; i < residual.length; i++) {
      int at = image * SHAPE.size() + i;
      residual[i] = (encoded.pixels()[at] & 0xFF) - (TEST.pixels()[at] & 0xFF);
    }
    return residual;
  }

  private static double correlation(double[] x, double[] y) {
    return product(x, y) / Math.sqrt(product(x, x) * product(y, y));
  }

  private static double product(double[] x, double[] y) {
    double meanX = Arrays.stream(x).average().orElseThrow();
    double meanY = Arrays.stream(y).average().orElseThrow();
    return IntStream.range(0, x.length).mapToDouble(i -> (x[i] - meanX) * (y[i] - meanY)).sum();
  }
}
