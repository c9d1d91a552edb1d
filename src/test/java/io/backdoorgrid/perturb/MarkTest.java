package io.backdoorgrid.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class MarkTest {

  private static final ImageShape SHAPE = new ImageShape(2, 2, 1);
  private static final Stencil STENCIL = Stencil.of(SHAPE, (row, column) -> row + column == 0);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** 0.5 + 0.999 (m - 0.5): 1 becomes 0.9995. */
  @Test
  void beginsAThousandthNearerToGrey() {
    float[] values = new Mark(manager, STENCIL, new float[] {0, 0.25f, 0.5f, 1}).values();
    assertThat(values)
        .containsExactly(new float[] {0.0005f, 0.25025f, 0.5f, 0.9995f}, within(1e-6f));
  }

  @Test
  void drawsNoiseBetweenBlackAndWhite() {
    var large = new ImageShape(32, 32, 3);
    float[] noise = Mark.noise(large, new Seed("a1").stream("mark"));
    double sum = 0;
    for (float value : noise) {
      assertThat(value).isStrictlyBetween(0f, 1f);
      sum += value;
    }
    assertThat(sum / noise.length).isCloseTo(0.5, within(0.02));
    assertThat(Mark.noise(large, new Seed("a1").stream("mark"))).isEqualTo(noise);
    assertThat(Mark.noise(large, new Seed("a2").stream("mark"))).isNotEqualTo(noise);
  }

  /** Up by 0.5 in u from 0: (tanh 0.5 + 1) / 2 = 0.731059; what is not covered has no gradient. */
  @Test
  void learnsWhereItCoversAndNowhereElse() {
    float[] values = steps(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, 1, 0.5);
    assertThat(values).containsExactly(new float[] {0.731059f, 0.5f, 0.5f, 0.5f}, within(1e-6f));
  }

  @Test
  void staysOnTheScaleHoweverFarItIsDriven() {
    float[] values = steps(new float[] {0.5f, 0.5f, 0.5f, 0.5f}, 8, 1);
    assertThat(values[0]).isGreaterThan(0.99f).isLessThan(1f);
  }

  /** Toward brighter images, whose sum is the loss with its sign turned. */
  private float[] steps(float[] start, int count, double rate) {
    var design = Classifiers.design(new TinyNet(1, 1, false), SHAPE, 2, Precision.FLOAT32);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      var mark = new Mark(manager, STENCIL, start);
      Adam adam = mark.adam(manager);
      for (int i = 0; i < count; i++) {
        try (NDManager scope = manager.newSubManager()) {
          NDArray black = classifier.input(scope.zeros(STENCIL.batchShape()));
          NDArray loss = Torch.recording(() -> mark.put(classifier, black).sum().neg());
          adam.step(loss, rate);
        }
      }
      return mark.values();
    }
  }
}
