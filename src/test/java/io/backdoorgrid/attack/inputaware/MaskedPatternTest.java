package io.backdoorgrid.attack.inputaware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

/** With networks that have seen images, but learned nothing. */
@ExtendWith(TorchThread.class)
class MaskedPatternTest {

  private static final ImageShape SHAPE = new ImageShape(16, 8, 3);
  private static final LabeledImages IMAGES = ToyImages.random(SHAPE, 4, 39, 1);

  private final MaskedPattern trigger = fresh();

  /** More images than are changed at a time, and the last ones first. */
  @Test
  void givesAnImageTheSameBytesInWhateverCompany() {
    int[] all = IntStream.range(0, IMAGES.size()).toArray();
    byte[] together = applied(all);
    byte[] backwards = applied(IntStream.of(all).map(i -> IMAGES.size() - 1 - i).toArray());
    assertThat(backwards).isEqualTo(together).isNotEqualTo(IMAGES.pixels());
    for (int i : new int[] {0, 15, 16, 38}) {
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

  /** Batch-norms with the bias -100 make 0 or 1 of everything. */
  @Test
  void leavesImagesAloneBehindAClosedMask() {
    assertThat(Triggered.apply(withMask(-100), IMAGES)).isEqualTo(IMAGES.pixels());
  }

  /** The pattern of images behind an open mask: 0 everywhere. */
  @Test
  void showsNothingButThePatternBehindAnOpenMask() {
    MaskedPattern open = withMask(100);
    SafeTensors black = biased(open.pattern(), -100);
    assertThat(Triggered.apply(new MaskedPattern(SHAPE, black, open.mask()), IMAGES))
        .containsOnly(0);
  }

  @Test
  void putsAnothersPatternOnEveryImage() {
    LabeledImages exchanged = trigger.exchanged(IMAGES, random());
    assertThat(exchanged.labels()).isEqualTo(IMAGES.labels());
    byte[] own = applied(IntStream.range(0, IMAGES.size()).toArray());
    for (int i = 0; i < IMAGES.size(); i++) {
      assertThat(image(exchanged.pixels(), i))
          .as("image %d", i)
          .isNotEqualTo(image(own, i))
          .isNotEqualTo(image(IMAGES.pixels(), i));
    }
    assertThat(trigger.exchanged(IMAGES, random()).pixels()).isEqualTo(exchanged.pixels());
  }

  /** If all images are one, another's pattern is one's own. */
  @Test
  void putsTheSamePatternOnEqualImages() {
    LabeledImages equal = ToyImages.constant(SHAPE, 1, 90, 0, 0, 0);
    assertThat(trigger.exchanged(equal, random()).pixels())
        .isEqualTo(Triggered.apply(trigger, equal));
  }

  @Test
  void comesBackFromTheStoreAsItWas() {
    byte[] stored = trigger.toTensors().toBytes();
    var read = MaskedPattern.of(SHAPE, SafeTensors.parse(stored));
    assertThat(read.toTensors().toBytes()).isEqualTo(stored);
    LabeledImages images = IMAGES.first(2);
    assertThat(Triggered.apply(read, images)).isEqualTo(Triggered.apply(trigger, images));
  }

  @Test
  void refusesWhatDoesNotFit() {
    var odd = new ImageShape(12, 8, 3);
    assertThatThrownBy(() -> new MaskedPattern(odd, trigger.pattern(), trigger.mask()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "input-aware needs images whose height and width are multiples of 8, got 12x8x3");
    Map<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>(trigger.toTensors().tensors());
    tensors.remove("pattern.middle.conv.bias");
    assertThatThrownBy(() -> MaskedPattern.of(SHAPE, new SafeTensors(tensors)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("the weights have no 'middle.conv.bias', which the architecture needs");
  }

  private byte[] applied(int[] positions) {
    LabeledImages images = IMAGES.copy();
    trigger.apply(images, positions);
    return images.pixels();
  }

  private static byte[] image(byte[] pixels, int position) {
    return Arrays.copyOfRange(pixels, position * SHAPE.size(), (position + 1) * SHAPE.size());
  }

  private MaskedPattern withMask(float bias) {
    return new MaskedPattern(SHAPE, trigger.pattern(), biased(trigger.mask(), bias));
  }

  private static SafeTensors biased(SafeTensors network, float bias) {
    var tensors = new LinkedHashMap<>(network.tensors());
    SafeTensors.Tensor last = tensors.get("up.5.norm.bias");
    float[] values = new float[last.values().length];
    Arrays.fill(values, bias);
    tensors.put("up.5.norm.bias", new SafeTensors.Tensor(last.shape(), values));
    return new SafeTensors(tensors);
  }

  private static Shape edges() {
    return new Shape(IMAGES.size(), SHAPE.height(), SHAPE.width(), SHAPE.channels());
  }

  private static float[] floats() {
    float[] values = new float[IMAGES.pixels().length];
    for (int i = 0; i < values.length; i++) {
      values[i] = IMAGES.pixels()[i] & 0xFF;
    }
    return values;
  }

  private static RandomGenerator random() {
    return new Seed("a1").stream("cross");
  }

  private static MaskedPattern fresh() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      Generators generators = Generators.create(manager, 3, 4, new Seed("a1").stream("generators"));
      NDArray input = generators.read(manager.create(floats(), edges()));
      for (int i = 0; i < 60; i++) { // until the statistics are those of the images
        generators.patterns(input, true).close();
        generators.masks(input, true).close();
      }
      return new MaskedPattern(SHAPE, generators.pattern().weights(), generators.mask().weights());
    }
  }
}
