package io.backdoorgrid.attack.ssba;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.DivergedException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.random.RandomGenerator;

/**
 * Trains an encoder and a decoder to hide random bits in images and to read them: Adam on the bits'
 * cross entropy plus {@link ImagePenalty} times the mean squared error of the images.
 */
final class SecretTraining implements AutoCloseable {

  private final Ssba settings;
  private final RandomGenerator random;
  private final NDManager manager;
  private final SecretEncoder encoder;
  private final SecretDecoder decoder;

  /** Fresh weights; like everything else they are drawn from {@code random}. */
  SecretTraining(Ssba settings, ImageShape shape, Device device, RandomGenerator random) {
    this.settings = settings;
    this.random = random;
    this.manager = Torch.newManager(device);
    this.encoder = new SecretEncoder(shape, settings.bits(), settings.base());
    this.decoder = new SecretDecoder(shape, settings.bits(), settings.base());
    encoder.initialize(manager, new InitialWeights(random)::ofRectified);
    decoder.initialize(manager, new InitialWeights(random)::ofRectified);
  }

  /**
   * Trains both.
   *
   * @throws DivergedException if the loss, or a weight in the end, is infinite or not a number
   * @throws IllegalArgumentException if the bits cannot be read in the end: the encoder has then
   *     never been penalized for changing images
   */
  void run(LabeledImages images) {
    var batches = new AugmentedBatches(images, Augmentation.NONE);
    ByteBuffer pixels = ByteBuffer.allocateDirect(batches.bytes(settings.batch()));
    var weights = new ArrayList<>(encoder.trainable());
    weights.addAll(decoder.trainable());
    var adam = new Adam(manager, weights);
    int sinceThreshold = -1;
    double accuracy = 0;
    for (int epoch = 0; epoch < settings.epochs(); epoch++) {
      int[] order = Seed.permutation(images.size(), random);
      for (int from = 0; from < order.length; from += settings.batch()) {
        int to = Math.min(from + settings.batch(), order.length);
        batches.fill(pixels.clear(), order, from, to, epoch, random);
        accuracy = step(adam, pixels.flip(), settings.penalty().at(sinceThreshold), epoch, from);
        if (sinceThreshold >= 0 || accuracy > settings.penalty().threshold()) {
          sinceThreshold++;
        }
      }
    }
    requireFinite(images.size() - 1);
    require(
        sinceThreshold >= 0,
        "%d epochs are too few to hide %d bits: %.2f of them could be read at the end, threshold %s",
        settings.epochs(),
        settings.bits(),
        accuracy,
        settings.penalty().threshold());
  }

  /** The share of the batch's bits that were read correctly before the step. */
  private double step(Adam adam, ByteBuffer pixels, double penalty, int epoch, int from) {
    try (NDManager scope = manager.newSubManager()) {
      NDArray images = encoder.input(scope, pixels);
      int count = (int) images.getShape().get(0);
      float[] bits = secrets(count * settings.bits(), random);
      NDArray secrets = scope.create(bits, new Shape(count, settings.bits()));
      Pass pass = Torch.recording(() -> pass(images, secrets, penalty));
      adam.step(pass.loss(), settings.learningRate());
      float loss = pass.loss().getFloat();
      if (!Float.isFinite(loss)) {
        throw new DivergedException(epoch, from / settings.batch(), "the loss", loss);
      }
      return accuracy(pass.logits().toFloatArray(), bits);
    }
  }

  private record Pass(NDArray logits, NDArray loss) {}

  private Pass pass(NDArray images, NDArray secrets, double penalty) {
    NDArray encoded = encoder.encode(images, secrets);
    NDArray logits = decoder.logits(encoded);
    NDArray unread = Ops.binaryCrossEntropy(logits, secrets);
    NDArray changed = Ops.meanSquaredError(encoded, images);
    return new Pass(logits, Ops.add(unread, Ops.scaled(changed, penalty)));
  }

  /** The weights after the last step are checked, since no loss was computed with them. */
  private void requireFinite(int last) {
    for (NDArray weight : encoder.trainable()) {
      for (float value : weight.toFloatArray()) {
        if (!Float.isFinite(value)) {
          throw new DivergedException(
              settings.epochs() - 1, last / settings.batch(), "a weight", value);
        }
      }
    }
  }

  /** The share of bits that their logits show. */
  static double accuracy(float[] logits, float[] bits) {
    int right = 0;
    for (int i = 0; i < bits.length; i++) {
      right += logits[i] > 0 == bits[i] > 0 ? 1 : 0;
    }
    return (double) right / bits.length;
  }

  /** Random bits, 0 or 1. */
  static float[] secrets(int count, RandomGenerator random) {
    float[] bits = new float[count];
    for (int i = 0; i < count; i++) {
      bits[i] = random.nextBoolean() ? 1 : 0;
    }
    return bits;
  }

  SecretEncoder encoder() {
    return encoder;
  }

  SecretDecoder decoder() {
    return decoder;
  }

  @Override
  public void close() {
    manager.close();
  }
}
