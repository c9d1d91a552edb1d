package io.backdoorgrid.attack.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.attack.poisoning.Apple;
import io.backdoorgrid.attack.poisoning.BadNets;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.nio.ByteBuffer;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class StencilTest {

  private static final ImageShape SHAPE = new ImageShape(4, 5, 2);
  private static final Stencil CORNER = new Patch(2, BadNets.Corner.BOTTOM_RIGHT).on(SHAPE);

  /** Rows and columns are those of BackdoorBench's apple, and their doubles. */
  @ParameterizedTest
  @CsvSource({"32, 117, 16, 29, 17, 28", "64, 468, 32, 59, 34, 57"})
  void drawsAnAppleOfTheKnownExtent(
      int edge, int pixels, int top, int bottom, int left, int right) {
    var shape = new ImageShape(edge, edge, 1);
    boolean[] covered = Apple.on(shape).covered();
    int count = 0;
    int firstRow = edge;
    int lastRow = -1;
    int firstColumn = edge;
    int lastColumn = -1;
    for (int i = 0; i < covered.length; i++) {
      if (covered[i]) {
        count++;
        firstRow = Math.min(firstRow, i / edge);
        lastRow = Math.max(lastRow, i / edge);
        firstColumn = Math.min(firstColumn, i % edge);
        lastColumn = Math.max(lastColumn, i % edge);
      }
    }
    assertThat(count).isEqualTo(pixels);
    assertThat(new int[] {firstRow, lastRow, firstColumn, lastColumn})
        .containsExactly(top, bottom, left, right);
  }

  @Test
  void coversAllChannelsOfAPixel() {
    for (int row = 0; row < 4; row++) {
      for (int column = 0; column < 5; column++) {
        for (int c = 0; c < 2; c++) {
          assertThat(CORNER.covered()[SHAPE.offset(row, column) + c])
              .isEqualTo(row >= 2 && column >= 3);
        }
      }
    }
  }

  /** 0.5 of 255 is 127.5, which rounds up; 0.25 is 63.75. */
  @Test
  void replacesPixelsByTheNearestBytes() {
    float[] values = new float[SHAPE.size()];
    values[SHAPE.offset(2, 3)] = 0.5f;
    values[SHAPE.offset(3, 4) + 1] = 0.25f;
    values[SHAPE.offset(0, 0)] = 1; // not covered
    byte[] pixels = Triggered.grey(CORNER.overlay(values), 7);
    for (int i = 0; i < pixels.length; i++) {
      int wanted = CORNER.covered()[i] ? Math.round(255 * values[i]) : 7;
      assertThat(pixels[i] & 0xFF).isEqualTo(wanted);
    }
    assertThat(pixels[SHAPE.offset(2, 3)]).isEqualTo((byte) 128);
    assertThat(pixels[SHAPE.offset(3, 4) + 1]).isEqualTo((byte) 64);
  }

  /** Whole bytes, so that nothing is rounded on the way to the trigger. */
  @ParameterizedTest
  @EnumSource
  void showsANetworkWhatItsTriggerWill(Precision precision) {
    LabeledImages images = ToyImages.random(SHAPE, 2, 3, 1);
    float[] values = new float[SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 6 / 255f;
    }
    try (Classifier classifier = classifier(precision);
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray clean = classifier.input(scope, ByteBuffer.wrap(images.pixels()));
      NDArray put = CORNER.put(classifier, clean, scope.create(values, CORNER.batchShape()));
      byte[] triggered = Triggered.apply(CORNER.overlay(values), images);
      NDArray wanted = classifier.input(scope, ByteBuffer.wrap(triggered));
      assertThat(put.getDataType()).isEqualTo(clean.getDataType());
      assertThat(floats(put)).containsExactly(floats(wanted), within(1e-6f));
      assertThat(floats(put)).isNotEqualTo(floats(clean));
    }
  }

  /** The derivative by a value is three images' 1 / deviation where covered, nothing elsewhere. */
  @Test
  void passesGradientsToWhatItCovers() {
    LabeledImages images = ToyImages.random(SHAPE, 2, 3, 1);
    try (Classifier classifier = classifier(Precision.FLOAT32);
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray clean = classifier.input(scope, ByteBuffer.wrap(images.pixels()));
      NDArray values = scope.zeros(CORNER.batchShape());
      values.setRequiresGradient(true);
      NDArray sum = Torch.recording(() -> CORNER.put(classifier, clean, values).sum());
      float[] gradient = Ops.gradients(sum, List.of(values)).get(0).toFloatArray();
      for (int i = 0; i < gradient.length; i++) {
        float slope = i % 2 == 0 ? 2 : 4;
        assertThat(gradient[i]).isCloseTo(CORNER.covered()[i] ? 3 * slope : 0, within(1e-4f));
      }
    }
  }

  private static Classifier classifier(Precision precision) {
    var plain = Classifiers.design(new TinyNet(1, 1, false), SHAPE, 2, precision);
    var normalization = new Normalization(new float[] {0.5f, 0.4f}, new float[] {0.5f, 0.25f});
    return Classifiers.fresh(
        new Classifier.Design(
            plain.architecture(), SHAPE, 2, normalization, precision, plain.device()),
        "a1");
  }

  private static float[] floats(NDArray array) {
    return Ops.cast(array, Precision.FLOAT32).toFloatArray();
  }
}
