package io.backdoorgrid.perturb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.torch.TorchThread;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@ExtendWith(TorchThread.class)
class PgdTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);

  /** Class 0 likes channel 0 and dislikes channel 1; half levels are cut off. */
  @ParameterizedTest
  @CsvSource({
    "8, 1.5, 3, 100, 50, 95, 54", // 4.5 down and up
    "8, 1.5, 9, 100, 50, 92, 58", // to the edges of the box
    "8, 1.5, 9, 3, 250, 0, 255", // to those of the scale
    "2.5, 1, 9, 100, 50, 97, 52"
  })
  void stepsAgainstTheTrueClass(
      double eps, double step, int iterations, int first, int second, int moved, int other) {
    var images =
        new LabeledImages(
            LinearNetwork.SHAPE, 2, new byte[] {(byte) first, (byte) second}, new int[1]);
    try (Classifier network = LinearNetwork.of(2, 0, 0)) {
      new Pgd(eps, step, iterations).harden(images, new int[1], network);
    }
    assertThat(images.pixels()).containsExactly((byte) moved, (byte) other);
  }

  /** The loss grows with the first byte and falls with the second; two steps of 1.5 end at 2. */
  @Test
  void climbsAnyLossAndKeepsFractions() {
    try (NDManager manager = Torch.newManager(Device.cpu())) {
      NDArray signs = manager.create(new float[] {1, -1}, new Shape(1, 1, 1, 2));
      NDArray pixels = manager.create(new float[] {100.25f, 1}, new Shape(1, 1, 1, 2));
      NDArray once = new Pgd(2, 1.5, 1).climb(pixels, now -> now.mul(signs).sum());
      NDArray twice = new Pgd(2, 1.5, 2).climb(pixels, now -> now.mul(signs).sum());
      assertThat(once.toFloatArray()).containsExactly(101.75f, 0);
      assertThat(twice.toFloatArray()).containsExactly(102.25f, 0);
      assertThat(pixels.toFloatArray()).as("left as they are").containsExactly(100.25f, 1);
    }
  }

  @Test
  void makesImagesHarderWithinTheBox() {
    LabeledImages originals = ToyImages.tinted(SHAPE, 300, 1);
    try (Classifier network = TintedNetwork.trainedOn(originals)) {
      LabeledImages images = originals.copy();
      int[] positions = IntStream.range(50, 200).toArray();
      Map<String, float[]> weights = Classifiers.values(network);
      new Pgd(8, 2, 7).harden(images, positions, network);

      assertThat(images.labels()).isEqualTo(originals.labels());
      assertThat(largestChange(images, originals, 0, 50)).isZero();
      assertThat(largestChange(images, originals, 50, 200)).isBetween(7, 9);
      assertThat(largestChange(images, originals, 200, 300)).isZero();
      double[] before = crossEntropies(network, originals);
      double[] after = crossEntropies(network, images);
      assertThat(IntStream.of(positions).filter(i -> after[i] > before[i]).count())
          .isGreaterThanOrEqualTo(143); // 95 % of 150
      Classifiers.values(network)
          .forEach((name, values) -> assertThat(values).as(name).isEqualTo(weights.get(name)));
    }
  }

  /** A poisoned set is made again wherever it is needed. */
  @Test
  void givesTheSameBitsOnAnyNumberOfCoresAndFromAnyPrecision() {
    LabeledImages images = ToyImages.tinted(SHAPE, 150, 1);
    int[] positions = IntStream.range(0, 150).toArray();
    var design = Classifiers.design(new ResNet18(4), SHAPE, 3, Precision.BFLOAT16);
    try (Classifier coarse = Classifiers.fresh(design, "a1");
        Classifier exact = coarse.copy(Precision.FLOAT32)) {
      LabeledImages one = images.copy();
      LabeledImages two = images.copy();
      new Pgd(8, 2, 7).harden(one, positions, exact);
      Torch.prepareThread(2);
      try {
        new Pgd(8, 2, 7).harden(two, positions, coarse);
      } finally {
        Torch.prepareThread(1);
      }
      assertThat(one.pixels()).isNotEqualTo(images.pixels()).isEqualTo(two.pixels());
    }
  }

  @Test
  void refusesImpossibleSteps() {
    assertThatThrownBy(() -> new Pgd(0, 1, 1)).hasMessage("eps must be positive, got 0.0");
    assertThatThrownBy(() -> new Pgd(8, -1, 1)).hasMessage("step must be positive, got -1.0");
    assertThatThrownBy(() -> new Pgd(8, 1, 0)).hasMessage("iterations must be at least 1, got 0");
  }

  private static int largestChange(LabeledImages one, LabeledImages other, int from, int to) {
    int size = one.shape().size();
    return IntStream.range(from * size, to * size)
        .map(i -> Math.abs((one.pixels()[i] & 0xFF) - (other.pixels()[i] & 0xFF)))
        .max()
        .orElseThrow();
  }

  private static double[] crossEntropies(Classifier network, LabeledImages images) {
    float[] logits = Classifiers.logits(network, images);
    int classes = images.classes();
    return IntStream.range(0, images.size())
        .mapToDouble(
            i ->
                Math.log(
                    IntStream.range(0, classes)
                        .mapToDouble(
                            k ->
                                Math.exp(
                                    logits[i * classes + k]
                                        - logits[i * classes + images.labels()[i]]))
                        .sum()))
        .toArray();
  }
}
