package io.backdoorgrid.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
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
import org.junit.jupiter.params.provider.EnumSource;

@ExtendWith(TorchThread.class)
class StencilTest {

  private static final ImageShape SHAPE = new ImageShape(4, 5, 2);
  private static final Stencil CORNER = Stencil.of(SHAPE, (row, column) -> row >= 2 && column >= 3);

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

  /** The network sees the values as if the image's bytes had been replaced by 255 times these. */
  @ParameterizedTest
  @EnumSource
  void replacesWhatItCovers(Precision precision) {
    LabeledImages images = ToyImages.random(SHAPE, 2, 3, 1);
    byte[] replaced = images.pixels().clone();
    float[] values = new float[SHAPE.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = i * 6 / 255f;
      for (int at = i; CORNER.covered()[i] && at < replaced.length; at += values.length) {
        replaced[at] = (byte) (i * 6);
      }
    }
    try (Classifier classifier = classifier(precision);
        NDManager scope = classifier.manager().newSubManager()) {
      NDArray clean = classifier.input(scope, ByteBuffer.wrap(images.pixels()));
      NDArray put = CORNER.put(classifier, clean, scope.create(values, CORNER.batchShape()));
      NDArray wanted = classifier.input(scope, ByteBuffer.wrap(replaced));
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
