package io.backdoorgrid.attack.ssba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.Layer;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Encoder and decoder with fresh weights. */
@ExtendWith(TorchThread.class)
class SecretNetworksTest {

  private static final int BITS = 5;

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * 3x3 kernels lead from 6 to b, b, 2 b, 4 b and 8 b channels, and back from 8 b to 4 b, 4 b to 2
   * b, 2 b to b, 2 b + 6 to b, and b to b; 2x2 ones from 8 b to 4 b, 2 b, b and b; a 1x1 one from b
   * to 3. The secret is a picture of 768 values.
   */
  @Test
  void haveTheBenchmarksNumberOfWeights() {
    int b = 32;
    int kernels = 9 * (6 * b + 43 * b * b + (32 + 8 + 2 + 2 + 1) * b * b + 6 * b) + 3 * b;
    int enlarging = 4 * (32 + 8 + 2 + 1) * b * b;
    int biases = (1 + 1 + 2 + 4 + 8) * b + 2 * (4 + 2 + 1 + 1) * b + b + 3;
    var encoder = new SecretEncoder(Triggered.CIFAR, 100, b);
    assertThat(weights(encoder))
        .isEqualTo(kernels + enlarging + biases + 100 * 768 + 768)
        .isEqualTo(1_069_315);
    assertThat(weights(new SecretDecoder(Triggered.CIFAR, 100, b))).isEqualTo(441_284);
  }

  @ParameterizedTest
  @CsvSource({"16, 16, 3", "32, 32, 3", "64, 64, 3", "32, 48, 1"})
  void keepTheShapeOfImagesAndReadAsManyBits(int height, int width, int channels) {
    var shape = new ImageShape(height, width, channels);
    SecretEncoder encoder = fresh(new SecretEncoder(shape, BITS, 4));
    SecretDecoder decoder = fresh(new SecretDecoder(shape, BITS, 4));
    NDArray images = images(encoder, shape);
    NDArray encoded = encoder.encode(images, secrets(2));
    assertThat(encoded.getShape()).isEqualTo(new Shape(2, channels, height, width));
    assertThat(encoded.min().getFloat()).isPositive();
    assertThat(encoded.max().getFloat()).isLessThan(1);
    assertThat(decoder.logits(encoded).getShape()).isEqualTo(new Shape(2, BITS));
  }

  @Test
  void hideOneSecretInAllImages() {
    SecretEncoder encoder = fresh(new SecretEncoder(Triggered.CIFAR, BITS, 4));
    NDArray images = images(encoder, Triggered.CIFAR);
    NDArray secret = secrets(1);
    NDArray twice = encoder.encode(images, secret.repeat(0, 2));
    assertThat(encoder.encode(images, secret).sub(twice).abs().max().getFloat()).isLessThan(1e-5f);
  }

  @Test
  void drawAnotherImageForAnotherSecret() {
    SecretEncoder encoder = fresh(new SecretEncoder(Triggered.CIFAR, BITS, 4));
    NDArray images = images(encoder, Triggered.CIFAR);
    assertThat(encoder.encode(images, secrets(1)).toFloatArray())
        .isNotEqualTo(encoder.encode(images, secrets(1).sub(1).neg()).toFloatArray());
  }

  private <L extends Layer> L fresh(L network) {
    network.initialize(manager, new InitialWeights(new Seed("a1").stream("weights"))::ofRectified);
    return network;
  }

  private NDArray images(SecretEncoder encoder, ImageShape shape) {
    byte[] pixels = ToyImages.random(shape, 2, 2, 1).pixels();
    return encoder.input(manager, ByteBuffer.wrap(pixels));
  }

  private NDArray secrets(int count) {
    float[] bits = new float[count * BITS];
    for (int i = 0; i < bits.length; i++) {
      bits[i] = i % 2;
    }
    return manager.create(bits, new Shape(count, BITS));
  }

  private static long weights(Layer network) {
    return network.namedParameters().values().stream()
        .mapToLong(parameter -> parameter.getShape().size())
        .sum();
  }

  /** By hand: 154.125 of 3x3 convolutions, 10 of 2x2 and 3 of 1x1 for each of 256 pixels. */
  @Test
  void countTheirMultiplications() {
    assertThat(SecretEncoder.gigaMultiplications(new ImageShape(16, 16, 3), 1))
        .isCloseTo(256 * 167.125e-9, within(1e-15));
    assertThat(SecretDecoder.gigaMultiplications(new ImageShape(32, 32, 3), 1))
        .isCloseTo((6912 + 2304 + 1152 + 2304 + 576 + 288 + 144) / 1e9, within(1e-15));
  }
}
