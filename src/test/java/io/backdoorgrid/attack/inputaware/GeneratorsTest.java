package io.backdoorgrid.attack.inputaware;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import java.util.Random;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class GeneratorsTest {

  private static final Shape TWO_PIXELS = new Shape(1, 1, 2, 1);

  private final NDManager manager = Torch.newManager(Device.cpu());

  @AfterEach
  void close() {
    manager.close();
  }

  /** tanh(2) / 2 + 1/2 = 0.982. */
  @Test
  void pushMasksTowardsZeroAndOne() {
    NDArray values = manager.create(new float[] {0.4f, 0.5f, 0.6f, 0, 1});
    assertThat(Generators.threshold(values).toFloatArray())
        .containsExactly(new float[] {0.018f, 0.5f, 0.982f, 0, 1}, within(1e-4f));
  }

  @Test
  void showThePatternAsFarAsTheMaskIsOpen() {
    NDArray images = array(100, 100, 200, 200);
    NDArray patterns = array(40, 140, 0, 255);
    assertThat(Generators.blend(images, patterns, masks(0, 0)).toFloatArray())
        .containsExactly(100, 100, 200, 200);
    assertThat(Generators.blend(images, patterns, masks(1, 1)).toFloatArray())
        .containsExactly(40, 140, 0, 255);
    // One mask for both channels of a pixel: 100 - 30, 100 + 20, and the second as it was.
    assertThat(Generators.blend(images, patterns, masks(0.5f, 0)).toFloatArray())
        .containsExactly(70, 120, 200, 200);
  }

  /** Two pairs: root mean squares of 5 to 10 and of 7 to 1 are 0.5 and 7; 3.75 in the mean. */
  @Test
  void compareDistances() {
    Shape pairs = new Shape(2, 1, 2, 1);
    NDArray zero = manager.zeros(pairs);
    NDArray images = manager.create(new float[] {5, -5, 7, 7}, pairs);
    NDArray patterns = manager.create(new float[] {10, 10, 1, -1}, pairs);
    assertThat(Generators.diversity(images, zero, zero, patterns).getFloat())
        .isCloseTo(3.75f, within(1e-5f));
  }

  @Test
  void askNothingOfEqualImages() {
    NDArray image = manager.create(new float[] {5, 7}, TWO_PIXELS);
    assertThat(Generators.diversity(image, image, image, image.mul(2)).getFloat()).isZero();
    assertThat(Generators.diversity(image, image, image, image).getFloat()).isZero();
  }

  /** Where masks coincide, the root alone has no slope. */
  @Test
  void stayFiniteWhereMasksCoincide() {
    NDArray mask = manager.create(new float[] {0.5f, 0.5f}, TWO_PIXELS);
    mask.setRequiresGradient(true);
    NDArray other = manager.create(new float[] {0.5f, 0.5f}, TWO_PIXELS);
    NDArray image = manager.create(new float[] {1, 1}, TWO_PIXELS);
    NDArray loss =
        Torch.recording(() -> Generators.diversity(image, manager.zeros(TWO_PIXELS), mask, other));
    assertThat(loss.getFloat()).isGreaterThan(1e5f).isLessThan(1e7f);
    assertThat(Ops.gradients(loss, List.of(mask)).get(0).toFloatArray())
        .containsExactly(new float[] {0, 0}, within(0f));
  }

  /** Of 0.032, 0.532 and 1.032 exceed it by 0.5 and 1: 0.5 in the mean of three. */
  @Test
  void countWhatExceedsTheDensity() {
    NDArray masks = manager.create(new float[] {0.01f, 0.532f, 1.032f});
    assertThat(Generators.excess(masks, 0.032).getFloat()).isCloseTo(0.5f, within(1e-6f));
  }

  @Test
  void haveTheSlopesOfTheirDifferences() {
    Shape shape = new Shape(3, 2, 2, 1);
    NDArray x1 = random(shape, 1);
    NDArray x2 = random(shape, 2);
    NDArray other = random(shape, 3);
    checkSlopes(random(shape, 4), y -> Generators.diversity(x1, x2, y, other));
    checkSlopes(random(shape, 5), y -> Generators.excess(y, 0.2));
    checkSlopes(random(shape, 6), y -> Generators.threshold(y).mean());
    checkSlopes(
        random(shape, 7), y -> Generators.diversity(x1, x2, other, Generators.threshold(y)));
  }

  /** Of pixels at 0, 127.5 and 255. */
  @Test
  void readPixelsOnAScaleOfTheirOwn() {
    NDArray pixels = manager.create(new float[] {0, 127.5f, 255}, new Shape(1, 1, 1, 3));
    Generators generators = Generators.create(manager, 3, 1, new Seed("a1").stream("generators"));
    NDArray input = generators.read(pixels);
    assertThat(input.getShape()).isEqualTo(new Shape(1, 3, 1, 1));
    assertThat(input.toFloatArray()).containsExactly(new float[] {-2, 0, 2}, within(1e-6f));
  }

  @Test
  void makePatternsInColourAndMasksWithout() {
    Generators generators = Generators.create(manager, 3, 2, new Seed("a1").stream("generators"));
    NDArray input = generators.read(manager.zeros(new Shape(2, 8, 16, 3)));
    assertThat(generators.patterns(input, true).getShape()).isEqualTo(new Shape(2, 8, 16, 3));
    assertThat(generators.masks(input, true).getShape()).isEqualTo(new Shape(2, 8, 16, 1));
  }

  private void checkSlopes(NDArray at, UnaryOperator<NDArray> loss) {
    float step = 1e-3f;
    at.setRequiresGradient(true);
    NDArray value = Torch.recording(() -> loss.apply(at));
    float[] slopes = Ops.gradients(value, List.of(at)).get(0).toFloatArray();
    float[] start = at.toFloatArray();
    for (int i = 0; i < start.length; i++) {
      double difference = moved(at, start, i, step, loss) - moved(at, start, i, -step, loss);
      assertThat(difference / (2 * step))
          .isCloseTo(slopes[i], within(2e-3 * (1 + Math.abs(slopes[i]))));
    }
  }

  private double moved(NDArray at, float[] start, int i, float step, UnaryOperator<NDArray> loss) {
    float[] values = start.clone();
    values[i] += step;
    return loss.apply(manager.create(values, at.getShape())).getFloat();
  }

  private NDArray random(Shape shape, long seed) {
    var random = new Random(seed);
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = random.nextFloat();
    }
    return manager.create(values, shape);
  }

  /** One image of two pixels and two channels. */
  private NDArray array(float... values) {
    return manager.create(values, new Shape(1, 1, 2, 2));
  }

  private NDArray masks(float... values) {
    return manager.create(values, TWO_PIXELS);
  }
}
