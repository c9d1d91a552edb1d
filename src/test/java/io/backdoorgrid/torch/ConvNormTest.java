package io.backdoorgrid.torch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.assertj.core.data.Offset;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Two images of two channels and 4x4 pixels, channels-last in memory, and three kernels. */
@ExtendWith(TorchThread.class)
class ConvNormTest {

  private static final Offset<Float> TOLERANCE = within(1e-5f);
  private static final Offset<Float> SLOPE = within(2e-3f);
  private static final float[] GAMMA = {1.5f, -0.5f, 2};
  private static final float[] BETA = {0.25f, 0, -1};
  private static final float[] MEAN = {0.1f, -0.2f, 0.3f};
  private static final float[] VAR = {1, 0.25f, 4};

  private final NDManager manager = Torch.newManager(Device.cpu());
  private final NDArray x =
      manager.create(Floats.random(2 * 4 * 4 * 2, 1), new Shape(2, 4, 4, 2)).transpose(0, 3, 1, 2);
  private final float[] pixels = Floats.of(x);
  private final Reference.Array referenceX = Reference.Array.of(2, 2, 4, 4, pixels);

  @AfterEach
  void close() {
    manager.close();
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "1, 1", "1, 2"})
  void convolvesAsPlainLoopsDo(int size, int stride) {
    Conv2d conv = layer(size, stride).conv();
    NDArray y = conv.apply(x);
    assertThat(y.getShape()).isEqualTo(new Shape(2, 3, 4 / stride, 4 / stride));
    assertThat(Floats.of(y))
        .containsExactly(Reference.conv(referenceX, kernels(size), stride).floats(), TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "1, 1", "1, 2"})
  void normalisesByTheBatchWhileTraining(int size, int stride) {
    ConvNorm layer = layer(size, stride);
    Reference.Array a = Reference.conv(referenceX, kernels(size), stride);
    Reference.Array expected =
        Reference.norm(a, GAMMA, BETA, Reference.means(a), Reference.variances(a));
    Reference.Array shortcut = shortcut(expected);

    assertThat(Floats.of(layer.apply(x, true))).containsExactly(expected.floats(), TOLERANCE);
    assertThat(Floats.of(layer.applyRelu(x, true)))
        .containsExactly(Reference.relu(expected).floats(), TOLERANCE);
    assertThat(Floats.of(layer.applyAddRelu(x, array(shortcut), true)))
        .containsExactly(Reference.relu(Reference.add(expected, shortcut)).floats(), TOLERANCE);
  }

  @ParameterizedTest
  @CsvSource({"3, 1", "3, 2", "1, 1", "1, 2"})
  void foldsTheRunningStatisticsIntoTheKernelsOtherwise(int size, int stride) {
    ConvNorm layer = layer(size, stride);
    Reference.Array expected =
        Reference.norm(
            Reference.conv(referenceX, kernels(size), stride),
            GAMMA,
            BETA,
            Reference.doubles(MEAN),
            Reference.doubles(VAR));
    Reference.Array shortcut = shortcut(expected);

    assertThat(Floats.of(layer.apply(x, false))).containsExactly(expected.floats(), TOLERANCE);
    assertThat(Floats.of(layer.applyRelu(x, false)))
        .containsExactly(Reference.relu(expected).floats(), TOLERANCE);
    assertThat(Floats.of(layer.applyAddRelu(x, array(shortcut), false)))
        .containsExactly(Reference.relu(Reference.add(expected, shortcut)).floats(), TOLERANCE);
  }

  /** The same numbers to the last bit; and what is changed meanwhile counts afterwards. */
  @ParameterizedTest
  @EnumSource(Precision.class)
  void foldsOnceForManyBatches(Precision precision) {
    ConvNorm layer = layer(3, 1);
    NDArray input = Ops.cast(x, precision);
    NDArray shortcut =
        Ops.cast(manager.create(Floats.random(2 * 3 * 4 * 4, 2), new Shape(2, 3, 4, 4)), precision);
    List<float[]> anew = evaluated(layer, input, shortcut);

    layer.fold(manager, precision);
    layer.norm().beta().addi(1);
    List<float[]> once = evaluated(layer, input, shortcut);
    layer.unfold();

    for (int i = 0; i < anew.size(); i++) {
      assertThat(once.get(i)).containsExactly(anew.get(i));
    }
    assertThat(evaluated(layer, input, shortcut).get(0)).isNotEqualTo(anew.get(0));
  }

  private static List<float[]> evaluated(ConvNorm layer, NDArray x, NDArray shortcut) {
    return Stream.of(
            layer.apply(x, false),
            layer.applyRelu(x, false),
            layer.applyAddRelu(x, shortcut, false))
        .map(y -> Floats.of(Ops.cast(y, Precision.FLOAT32)))
        .toList();
  }

  @Test
  void rectifiesBatchNormAloneInBothModes() {
    BatchNorm2d norm = layer(1, 1).norm();
    NDArray a = layer(1, 1).conv().apply(x);
    Reference.Array referenceA = Reference.conv(referenceX, kernels(1), 1);
    assertThat(Floats.of(norm.applyRelu(a, false)))
        .containsExactly(
            Reference.relu(
                    Reference.norm(
                        referenceA, GAMMA, BETA, Reference.doubles(MEAN), Reference.doubles(VAR)))
                .floats(),
            TOLERANCE);
    assertThat(Floats.of(norm.applyRelu(a, true)))
        .containsExactly(
            Reference.relu(
                    Reference.norm(
                        referenceA,
                        GAMMA,
                        BETA,
                        Reference.means(referenceA),
                        Reference.variances(referenceA)))
                .floats(),
            TOLERANCE);
  }

  /**
   * Values 1 and 3 have mean 2, variance 1 (over n) and 2 (over n - 1): the running mean moves from
   * 0 to 0.2, the running variance from 1 to 0.9 + 0.2.
   */
  @Test
  void movesRunningStatisticsByATenthOfTheBatchs() {
    ConvNorm layer =
        new ConvNorm(
            Floats.fill(manager, new Conv2d(1, 1, 1, 1), Map.of("weight", new float[] {1})),
            norm(new float[] {1}, new float[] {0}, new float[] {0}, new float[] {1}));
    NDArray values = manager.create(new float[] {1, 3}, new Shape(2, 1, 1, 1));

    float root = (float) Math.sqrt(1 + 1e-5);
    assertThat(Floats.of(layer.apply(values, true)))
        .containsExactly(new float[] {-1 / root, 1 / root}, TOLERANCE);
    assertThat(Floats.of(layer.norm().mean())).containsExactly(new float[] {0.2f}, TOLERANCE);
    assertThat(Floats.of(layer.norm().var())).containsExactly(new float[] {1.1f}, TOLERANCE);
  }

  @Test
  void leavesInputShortcutAndStatisticsAloneOutsideOfTraining() {
    ConvNorm layer = layer(3, 1);
    NDArray shortcut = manager.create(Floats.random(96, 5), new Shape(2, 3, 4, 4));
    layer.applyAddRelu(x, shortcut, false);
    layer.norm().applyRelu(shortcut, false);
    assertThat(Floats.of(x)).isEqualTo(pixels);
    assertThat(Floats.of(shortcut)).isEqualTo(Floats.random(96, 5));
    assertThat(Floats.of(layer.norm().mean())).isEqualTo(MEAN);
    assertThat(Floats.of(layer.norm().var())).isEqualTo(VAR);
  }

  /**
   * The derivatives of sum(share * relu(norm(conv(x)) + x')), by differences over the plain loops.
   */
  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void differentiatesAsFiniteDifferencesDo(int size) {
    ConvNorm layer = layer(size, 1);
    float[] shortcut = Floats.random(96, 5);
    float[] share = Floats.random(96, 6);
    NDArray loss =
        Torch.recording(
            () ->
                layer
                    .applyAddRelu(x, manager.create(shortcut, new Shape(2, 3, 4, 4)), true)
                    .mul(manager.create(share, new Shape(2, 3, 4, 4)))
                    .sum());
    List<NDArray> gradients =
        Ops.gradients(
            loss, List.of(layer.conv().weight(), layer.norm().gamma(), layer.norm().beta()));

    float[] kernels = kernels(size).floats();
    assertThat(Floats.of(gradients.get(0)))
        .containsExactly(
            differences(kernels, k -> loss(size, k, GAMMA, BETA, shortcut, share)), SLOPE);
    assertThat(Floats.of(gradients.get(1)))
        .containsExactly(
            differences(GAMMA, gamma -> loss(size, kernels, gamma, BETA, shortcut, share)), SLOPE);
    assertThat(Floats.of(gradients.get(2)))
        .containsExactly(
            differences(BETA, beta -> loss(size, kernels, GAMMA, beta, shortcut, share)), SLOPE);
  }

  private double loss(
      int size, float[] kernels, float[] gamma, float[] beta, float[] shortcut, float[] share) {
    Reference.Array a =
        Reference.conv(referenceX, Reference.Array.of(3, 2, size, size, kernels), 1);
    Reference.Array y =
        Reference.relu(
            Reference.add(
                Reference.norm(a, gamma, beta, Reference.means(a), Reference.variances(a)),
                Reference.Array.of(2, 3, 4, 4, shortcut)));
    double sum = 0;
    for (int i = 0; i < share.length; i++) {
      sum += share[i] * y.values()[i];
    }
    return sum;
  }

  /** Central differences in double precision. */
  private static float[] differences(float[] at, ToDoubleFunction<float[]> function) {
    float step = 0x1p-18f; // so small that no rectifier switches
    float[] slopes = new float[at.length];
    for (int i = 0; i < at.length; i++) {
      float[] above = at.clone();
      float[] below = at.clone();
      above[i] += step;
      below[i] -= step;
      slopes[i] =
          (float)
              ((function.applyAsDouble(above) - function.applyAsDouble(below))
                  / (above[i] - below[i]));
    }
    return slopes;
  }

  private ConvNorm layer(int size, int stride) {
    return new ConvNorm(
        Floats.fill(
            manager, new Conv2d(2, 3, size, stride), Map.of("weight", kernels(size).floats())),
        norm(GAMMA, BETA, MEAN, VAR));
  }

  private BatchNorm2d norm(float[] gamma, float[] beta, float[] mean, float[] var) {
    return Floats.fill(
        manager,
        new BatchNorm2d(gamma.length),
        Map.of("weight", gamma, "bias", beta, "running_mean", mean, "running_var", var));
  }

  private static Reference.Array kernels(int size) {
    return Reference.Array.of(3, 2, size, size, Floats.random(6 * size * size, 2));
  }

  private static Reference.Array shortcut(Reference.Array like) {
    return Reference.Array.of(
        like.n(),
        like.channels(),
        like.height(),
        like.width(),
        Floats.random(like.values().length, 5));
  }

  private NDArray array(Reference.Array a) {
    return manager.create(a.floats(), new Shape(a.n(), a.channels(), a.height(), a.width()));
  }
}
