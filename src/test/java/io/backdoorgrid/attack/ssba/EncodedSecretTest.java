package io.backdoorgrid.attack.ssba;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.InitialWeights;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With an encoder that has learned nothing. */
@ExtendWith(TorchThread.class)
class EncodedSecretTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final float[] SECRET = {1, 0, 0, 1};
  private static final LabeledImages IMAGES = ToyImages.random(SHAPE, 2, 70, 1);

  private final EncodedSecret trigger = new EncodedSecret(SHAPE, SECRET, freshEncoder());

  /** More images than go through the encoder at a time, and the last ones in front. */
  @Test
  void givesAnImageTheSameBytesInWhateverCompany() {
    int[] all = IntStream.range(0, IMAGES.size()).toArray();
    byte[] together = applied(all);
    byte[] backwards = applied(IntStream.of(all).map(i -> IMAGES.size() - 1 - i).toArray());
    assertThat(backwards).isEqualTo(together);
    for (int i : new int[] {0, 63, 64, 69}) {
      byte[] alone = IMAGES.select(new int[] {i}).pixels();
      trigger.apply(alone, 0);
      assertThat(alone).as("image %d", i).isEqualTo(image(together, i));
    }
  }

  @Test
  void changesOnlyTheImagesAtItsPositions() {
    byte[] pixels = applied(new int[] {1});
    assertThat(image(pixels, 0)).isEqualTo(image(IMAGES.pixels(), 0));
    assertThat(image(pixels, 1)).isNotEqualTo(image(IMAGES.pixels(), 1));
    assertThat(image(pixels, 2)).isEqualTo(image(IMAGES.pixels(), 2));
  }

  /** An encoder whose weights are all 0 draws sigmoid(0) = 1/2 everywhere: 127.5. */
  @Test
  void roundsHalvesUp() {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    trigger
        .encoder()
        .tensors()
        .forEach(
            (name, tensor) ->
                tensors.put(
                    name,
                    new SafeTensors.Tensor(tensor.shape(), new float[tensor.values().length])));
    var grey = new EncodedSecret(SHAPE, SECRET, new SafeTensors(tensors));
    assertThat(Triggered.grey(grey, 3)).containsOnly(128);
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    byte[] stored = trigger.toTensors().toBytes();
    var read = EncodedSecret.of(SHAPE, SafeTensors.parse(stored));
    assertThat(read.secret()).isEqualTo(SECRET);
    assertThat(read.toTensors().toBytes()).isEqualTo(stored);
    LabeledImages images = IMAGES.first(2);
    assertThat(Triggered.apply(read, images)).isEqualTo(Triggered.apply(trigger, images));
  }

  @Test
  void refusesStoredTensorsThatDoNotFit() {
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>(trigger.toTensors().tensors());
    tensors.put("secret", new SafeTensors.Tensor(new long[] {5}, new float[5]));
    assertThatThrownBy(() -> EncodedSecret.of(SHAPE, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("'secret.weight' has shape [768, 4], the architecture needs (768, 5)");
    tensors.remove("encoder.last.bias");
    assertThatThrownBy(() -> EncodedSecret.of(SHAPE, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the stored trigger has no 'last.bias'");
  }

  private byte[] applied(int[] positions) {
    LabeledImages images = IMAGES.copy();
    trigger.apply(images, positions);
    return images.pixels();
  }

  private static byte[] image(byte[] pixels, int position) {
    return Arrays.copyOfRange(pixels, position * SHAPE.size(), (position + 1) * SHAPE.size());
  }

  private static SafeTensors freshEncoder() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      var encoder = new SecretEncoder(SHAPE, SECRET.length, 4);
      encoder.initialize(
          manager, new InitialWeights(new Seed("a1").stream("weights"))::ofRectified);
      return encoder.weights();
    }
  }
}
