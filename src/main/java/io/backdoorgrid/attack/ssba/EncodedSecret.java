package io.backdoorgrid.attack.ssba;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.StoredWeights;
import io.backdoorgrid.torch.Torch;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.stream.IntStream;

/**
 * Bits hidden in the image by a {@link SecretEncoder}, the same in all. Its output is rounded to
 * the nearest byte, not truncated, as in BackdoorBench for this one trigger.
 *
 * <p>Images go through the encoder in batches of one size, on the CPU and in float32, so that the
 * result for an image depends neither on the others nor on how many there are.
 *
 * @param shape of the images
 * @param secret the bits, 0 or 1
 * @param encoder its weights
 */
record EncodedSecret(ImageShape shape, float[] secret, SafeTensors encoder) implements Trigger {

  private static final String SECRET = "secret";
  private static final String ENCODER = "encoder.";

  private static final int BATCH = 64;

  public EncodedSecret {
    StoredWeights.requireFit(network(shape, secret, encoder), encoder.tensors());
  }

  private static SecretEncoder network(ImageShape shape, float[] secret, SafeTensors encoder) {
    return new SecretEncoder(shape, secret.length, SecretEncoder.base(encoder));
  }

  @Override
  public void apply(byte[] pixels, int offset) {
    encode(pixels, new int[] {offset});
  }

  @Override
  public void apply(LabeledImages images, int[] positions) {
    encode(images.pixels(), IntStream.of(positions).map(i -> i * shape.size()).toArray());
  }

  private void encode(byte[] pixels, int[] offsets) {
    ByteBuffer batch = ByteBuffer.allocateDirect(BATCH * shape.size());
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      SecretEncoder network = network(shape, secret, encoder);
      StoredWeights.load(manager, network, encoder);
      NDArray bits = manager.create(secret, new Shape(1, secret.length));
      for (int from = 0; from < offsets.length; from += BATCH) {
        int to = Math.min(from + BATCH, offsets.length);
        batch.clear();
        for (int i = from; i < to; i++) {
          batch.put(pixels, offsets[i], shape.size());
        }
        try (NDManager scope = manager.newSubManager()) {
          // The last batch is filled up by what is left from the one before.
          NDArray images = network.input(scope, batch.clear());
          float[] drawn = network.encode(images, bits).transpose(0, 2, 3, 1).toFloatArray();
          for (int i = from; i < to; i++) {
            put(drawn, (i - from) * shape.size(), pixels, offsets[i]);
          }
        }
      }
    }
  }

  private void put(float[] drawn, int from, byte[] pixels, int offset) {
    for (int i = 0; i < shape.size(); i++) {
      pixels[offset + i] = Pixels.clamped(drawn[from + i] * 255 + 0.5f);
    }
  }

  @Override
  public SafeTensors toTensors() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>(); // the same bytes every time
    tensors.put(SECRET, new SafeTensors.Tensor(new long[] {secret.length}, secret));
    tensors.putAll(encoder.under(ENCODER));
    return new SafeTensors(tensors);
  }

  static EncodedSecret of(ImageShape shape, SafeTensors tensors) {
    return new EncodedSecret(shape, tensors.tensors().get(SECRET).values(), tensors.part(ENCODER));
  }
}
