package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class OpsTest {

  private static final Offset<Float> TOLERANCE = within(1e-6f);
  private static final float LN2 = (float) Math.log(2);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /**
   * Two pixels of three channels: (0 - 127.5) / 127.5 = -1 and (51 - 127.5) / 127.5 = -0.6; (128 -
   * 100) / 2 = 14 and 1; 255 / 51 = 5 and 200 / 51 = 3.92157.
   */
  @Test
  void normalisesImagesPerChannel() {
    NDArray images = images(Precision.FLOAT32);
    assertThat(images.getShape()).isEqualTo(new Shape(1, 3, 1, 2));
    assertThat(images.getDataType()).isEqualTo(DataType.FLOAT32);
    assertThat(Floats.of(images))
        .containsExactly(new float[] {-1, -0.6f, 14, 1, 5, 3.9215686f}, TOLERANCE);
  }

  /** bfloat16 keeps eight digits: -0.6 becomes -154 / 256, 3.92157 becomes 251 / 64. */
  @Test
  void roundsNormalisedImagesToBfloat16() {
    NDArray images = images(Precision.BFLOAT16);
    assertThat(images.getShape()).isEqualTo(new Shape(1, 3, 1, 2));
    assertThat(Floats.of(images)).containsExactly(-1, -0.6015625f, 14, 1, 5, 3.921875f);
  }

  @Test
  void staysInBfloat16UntilTheLogits() {
    Conv2d conv =
        Floats.fill(manager, new Conv2d(3, 4, 3, 1), Map.of("weight", Floats.random(4 * 3 * 9, 1)));
    Linear linear =
        Floats.fill(
            manager,
            new Linear(4, 2),
            Map.of("weight", Floats.random(8, 2), "bias", new float[] {1, -1}));
    NDArray features = Ops.globalAveragePool(conv.apply(images(Precision.BFLOAT16)));
    NDArray logits = linear.apply(features);
    assertThat(features.getDataType()).isNotEqualTo(DataType.FLOAT32);
    assertThat(logits.getDataType()).isEqualTo(DataType.FLOAT32);

    // Each of the roundings on the way is at most 1/256 of its number; values reach 20.
    NDArray exact = linear.apply(Ops.globalAveragePool(conv.apply(images(Precision.FLOAT32))));
    assertThat(Floats.of(logits)).containsExactly(Floats.of(exact), within(0.25f));
    assertThat(Floats.of(logits)).isNotEqualTo(Floats.of(exact));
  }

  /** The slope of the input is the scale, whatever the precision of the network. */
  @Test
  void letsGradientsThroughToPixels() {
    for (Precision precision : Precision.values()) {
      NDArray pixels = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(1, 1, 2, 3));
      pixels.setRequiresGradient(true);
      NDArray sum =
          Torch.recording(
              () ->
                  Ops.cast(
                          Ops.images(pixels, row(0, 0, 0), row(0.5f, 2, 4), precision),
                          Precision.FLOAT32)
                      .sum());
      assertThat(Floats.of(Ops.gradients(sum, List.of(pixels)).get(0)))
          .containsExactly(0.5f, 2, 4, 0.5f, 2, 4);
    }
  }

  @Test
  void multipliesByANumber() {
    NDArray x = row(2, -4);
    x.setRequiresGradient(true);
    NDArray scaled = Torch.recording(() -> Ops.scaled(x, 0.5));
    assertThat(Floats.of(scaled)).containsExactly(1, -2);
    NDArray sum = Torch.recording(() -> scaled.sum());
    assertThat(Floats.of(Ops.gradients(sum, List.of(x)).get(0))).containsExactly(0.5f, 0.5f);
  }

  /** The script knows the number itself: nothing is left in Java's memory that could be freed. */
  @Test
  void remembersTheNumberUntilTheGradients() {
    NDArray x = row(1, 2);
    x.setRequiresGradient(true);
    NDArray sum = Torch.recording(() -> Ops.scaled(x, 3).sum());
    System.gc();
    for (int i = 0; i < 1000; i++) {
      manager.create(Float.NaN).close();
    }
    assertThat(Floats.of(Ops.gradients(sum, List.of(x)).get(0))).containsExactly(3, 3);
  }

  /** tanh(2 * 0.5) / 2 + 1/2 = 0.880797 at 1.5, with the slope (1 - 0.761594 ^ 2) = 0.419974. */
  @Test
  void makesASmoothStep() {
    NDArray x = row(1, 1.5f, -100);
    x.setRequiresGradient(true);
    NDArray stepped = Torch.recording(() -> Ops.stepped(x, 2, 1));
    assertThat(Floats.of(stepped)).containsExactly(new float[] {0.5f, 0.880797f, 0}, TOLERANCE);
    NDArray sum = Torch.recording(() -> stepped.sum());
    assertThat(Floats.of(Ops.gradients(sum, List.of(x)).get(0)))
        .containsExactly(new float[] {1, 0.419974f, 0}, TOLERANCE);
  }

  @Test
  void takesTheLargestOfFourPixels() {
    NDArray x = manager.create(new float[] {1, 2, -1, -2, 3, 4, -4, -3}, new Shape(1, 1, 2, 4));
    NDArray pooled = Ops.maxPool(x);
    assertThat(pooled.getShape()).isEqualTo(new Shape(1, 1, 1, 2));
    assertThat(Floats.of(pooled)).containsExactly(4, -1);
  }

  /** Between 0 and 8 lie 2 and 6, at a quarter and three quarters; edges are repeated. */
  @Test
  void doublesTheSizeOfMaps() {
    NDArray x = manager.create(new float[] {0, 8}, new Shape(1, 1, 1, 2));
    NDArray doubled = Ops.doubled(x);
    assertThat(doubled.getShape()).isEqualTo(new Shape(1, 1, 2, 4));
    assertThat(Floats.of(doubled)).containsExactly(0, 2, 6, 8, 0, 2, 6, 8);
  }

  @Test
  void addsArrays() {
    assertThat(Floats.of(Ops.add(row(1, 2), row(10, -2)))).containsExactly(11, 0);
  }

  @Test
  void cutsNegativeNumbersOff() {
    assertThat(Floats.of(Ops.relu(row(-2, 0, 3)))).containsExactly(0, 0, 3);
  }

  /** Where it is flat, and at the kink, no gradient passes. */
  @Test
  void letsGradientsThroughWhereTheReluRises() {
    NDArray x = row(-2, 0, 3);
    x.setRequiresGradient(true);
    NDArray sum = Torch.recording(() -> Ops.relu(x).sum());
    assertThat(Floats.of(Ops.gradients(sum, List.of(x)).get(0))).containsExactly(0, 0, 1);
  }

  /** Where the mask is true, the replacement alone has a gradient, of all rows together. */
  @Test
  void replacesWhereAMaskSays() {
    NDArray x = manager.create(new float[] {1, 2, 3, 4}, new Shape(2, 2));
    NDArray y = manager.create(new float[] {10, 20}, new Shape(1, 2));
    NDArray mask = manager.create(new boolean[] {false, true}, new Shape(1, 2));
    x.setRequiresGradient(true);
    y.setRequiresGradient(true);
    NDArray replaced = Torch.recording(() -> Ops.replace(x, mask, y));
    assertThat(Floats.of(replaced)).containsExactly(1, 20, 3, 20);
    NDArray sum = Torch.recording(() -> Ops.replace(x, mask, y).sum());
    List<NDArray> gradients = Ops.gradients(sum, List.of(x, y));
    assertThat(Floats.of(gradients.get(0))).containsExactly(1, 0, 1, 0);
    assertThat(Floats.of(gradients.get(1))).containsExactly(0, 2);
  }

  @Test
  void takesTheSigmoid() {
    float ln3 = (float) Math.log(3);
    assertThat(Floats.of(Ops.sigmoid(row(0, ln3, -ln3))))
        .containsExactly(new float[] {0.5f, 0.75f, 0.25f}, TOLERANCE);
  }

  @Test
  void enlargesMapsToTheSizeOfOthersAndRepeatsThem() {
    NDArray x = manager.create(new float[] {1, 2}, new Shape(1, 1, 1, 2));
    NDArray like = Ops.cast(manager.zeros(new Shape(2, 3, 2, 4)), Precision.BFLOAT16);
    NDArray larger = Ops.enlarge(x, like);
    assertThat(larger.getShape()).isEqualTo(new Shape(2, 1, 2, 4));
    assertThat(larger.getDataType()).isEqualTo(like.getDataType());
    assertThat(Floats.of(larger)).containsExactly(1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2, 1, 1, 2, 2);
  }

  /** Logits 0 and ln 3 are probabilities of 1/2 and 3/4; a 1 and a 0 lose ln 2 and ln 4. */
  @Test
  void averagesTheCrossEntropyOfBits() {
    NDArray loss = Ops.binaryCrossEntropy(row(0, (float) Math.log(3)), row(1, 0));
    assertThat(loss.getFloat()).isCloseTo(1.5f * LN2, TOLERANCE);
  }

  @Test
  void averagesSquaredDifferences() {
    assertThat(Ops.meanSquaredError(row(1, 2), row(3, 2)).getFloat()).isEqualTo(2);
  }

  @Test
  void copiesRowsInTheAskedOrder() {
    NDArray x = manager.create(new float[] {1, 2, 3, 4, 5, 6}, new Shape(3, 2));
    NDArray rows = Ops.rows(x, manager.create(new long[] {2, 0, 2}));
    assertThat(rows.getShape()).isEqualTo(new Shape(3, 2));
    assertThat(Floats.of(rows)).containsExactly(5, 6, 1, 2, 5, 6);
    rows.muli(0);
    assertThat(Floats.of(x)).containsExactly(1, 2, 3, 4, 5, 6);
  }

  @Test
  void poolsOverHeightAndWidth() {
    NDArray x = manager.create(new float[] {1, 2, 3, 6, 0, 0, 0, 8}, new Shape(1, 2, 2, 2));
    NDArray pooled = Ops.globalAveragePool(x);
    assertThat(pooled.getShape()).isEqualTo(new Shape(1, 2));
    assertThat(Floats.of(pooled)).containsExactly(3, 2);
  }

  /** 1 * 3 + 2 * 4 + 10 = 21 and 0.5 * 3 - 4 + 20 = 17.5. */
  @Test
  void appliesALinearLayer() {
    Linear linear =
        Floats.fill(
            manager,
            new Linear(2, 2),
            Map.of("weight", new float[] {1, 2, 0.5f, -1}, "bias", new float[] {10, 20}));
    assertThat(Floats.of(linear.apply(row(3, 4)))).containsExactly(21, 17.5f);
  }

  @Test
  void predictsTheClassOfTheLargestLogit() {
    NDArray logits = manager.create(new float[] {0, 3, 2, -1, -5, -2}, new Shape(2, 3));
    assertThat(Ops.predictions(logits).toLongArray()).containsExactly(1, 0);
  }

  @Test
  void scalesRowsOfSeveralArrays() {
    NDArray kernels = manager.create(new float[] {1, 2, 3, 4, 5, 6, 7, 8}, new Shape(4, 1, 1, 2));
    NDArray gammas = manager.create(new float[] {1, 1, 1});
    Ops.scaleRows(
        List.of(kernels, gammas), new long[] {2, 1}, new long[] {3, 1, 2}, new float[] {10, -1, 0});
    assertThat(Floats.of(kernels)).containsExactly(1, 2, -3, -4, 5, 6, 70, 80);
    assertThat(Floats.of(gammas)).containsExactly(1, 1, 0);
  }

  /** Logits (ln 2, 0, 0) have the probabilities 1/2, 1/4, 1/4. */
  @Test
  void takesTheCrossEntropyOfTheTrueClass() {
    NDArray logits = variable(LN2, 0, 0);
    NDArray loss = loss(logits, 0, 0L);
    assertThat(loss.getFloat()).isCloseTo(LN2, TOLERANCE);
    assertThat(Floats.of(Ops.gradients(loss, List.of(logits)).get(0)))
        .containsExactly(new float[] {-0.5f, 0.25f, 0.25f}, TOLERANCE);
  }

  /**
   * Smoothing by 0.3 wants the probabilities 0.8, 0.1, 0.1: the loss is 0.8 ln 2 + 0.2 ln 4, the
   * gradient the probabilities less those.
   */
  @Test
  void spreadsASmoothedTargetOverAllClasses() {
    NDArray logits = variable(LN2, 0, 0);
    NDArray loss = loss(logits, 0.3, 0L);
    assertThat(loss.getFloat()).isCloseTo(1.2f * LN2, TOLERANCE);
    assertThat(Floats.of(Ops.gradients(loss, List.of(logits)).get(0)))
        .containsExactly(new float[] {-0.3f, 0.15f, 0.15f}, TOLERANCE);
  }

  /** The mean over two images, of which each has half the gradient; ln 2 and ln 4. */
  @Test
  void averagesTheCrossEntropyOverImages() {
    NDArray logits = variable(LN2, 0, 0, LN2, 0, 0);
    NDArray loss = loss(logits, 0, 0L, 2L);
    assertThat(loss.getFloat()).isCloseTo(1.5f * LN2, TOLERANCE);
    assertThat(Floats.of(Ops.gradients(loss, List.of(logits)).get(0)))
        .containsExactly(new float[] {-0.25f, 0.125f, 0.125f, 0.25f, 0.125f, -0.375f}, TOLERANCE);
  }

  /** The second row's gradient is as large as the first's: no mean is taken. */
  @Test
  void takesTheCrossEntropyOfEachImage() {
    NDArray logits = variable(LN2, 0, 0, LN2, 0, 0);
    NDArray labels = manager.create(new long[] {0, 2});
    NDArray losses = Torch.recording(() -> Ops.crossEntropies(logits, labels));
    assertThat(Floats.of(losses)).containsExactly(new float[] {LN2, 2 * LN2}, TOLERANCE);
    NDArray sum = Torch.recording(() -> losses.sum());
    assertThat(Floats.of(Ops.gradients(sum, List.of(logits)).get(0)))
        .containsExactly(new float[] {-0.5f, 0.25f, 0.25f, 0.5f, 0.25f, -0.75f}, TOLERANCE);
  }

  @Test
  void leavesNothingBehindAfterGradients() {
    NDArray logits = variable(LN2, 0, 0);
    float[] first = Floats.of(Ops.gradients(loss(logits, 0, 0L), List.of(logits)).get(0));
    float[] second = Floats.of(Ops.gradients(loss(logits, 0, 0L), List.of(logits)).get(0));
    assertThat(second).isEqualTo(first);
    assertThat(Floats.of(logits.getGradient())).containsExactly(0, 0, 0);
    assertThat(Floats.of(logits)).containsExactly(LN2, 0, 0);
  }

  /** (1, 10) a quarter of the way to (5, 20) is (2, 12.5). */
  @Test
  void movesAveragesTowardsTheirValues() {
    NDArray average = row(1, 10);
    NDArray other = row(0, 0);
    Ops.average(List.of(average, other), List.of(row(5, 20), row(4, 8)), 0.25);
    assertThat(Floats.of(average)).containsExactly(2, 12.5f);
    assertThat(Floats.of(other)).containsExactly(1, 2);
  }

  @Test
  void replacesAveragesByTheirValuesAtWeightOne() {
    NDArray average = row(0.1f, 0.7f);
    Ops.average(List.of(average), List.of(row(0.3f, 1e-9f)), 1);
    assertThat(Floats.of(average)).containsExactly(0.3f, 1e-9f);
  }

  private NDArray images(Precision precision) {
    NDArray bytes =
        manager.create(
            ByteBuffer.wrap(new byte[] {0, (byte) 128, (byte) 255, 51, 102, (byte) 200}),
            new Shape(1, 1, 2, 3),
            DataType.UINT8);
    return Ops.images(bytes, row(127.5f, 100, 0), row(1 / 127.5f, 0.5f, 1 / 51f), precision);
  }

  private NDArray row(float... values) {
    return manager.create(values);
  }

  /** Rows of three logits. */
  private NDArray variable(float... values) {
    NDArray logits = manager.create(values, new Shape(values.length / 3, 3));
    logits.setRequiresGradient(true);
    return logits;
  }

  private NDArray loss(NDArray logits, double smoothing, long... labels) {
    return Torch.recording(() -> Ops.crossEntropy(logits, manager.create(labels), smoothing));
  }
}
