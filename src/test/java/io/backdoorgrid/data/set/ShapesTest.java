package io.backdoorgrid.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.LinearModel;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ShapesTest {

  private static final Path UNUSED = Path.of("unused");

  @Test
  void drawsTheSameImagesEveryTime() {
    DataSet.Images first = new Shapes(200, 100).load(UNUSED);
    DataSet.Images second = new Shapes(200, 100).load(UNUSED);
    assertThat(second.train().digest()).isEqualTo(first.train().digest());
    assertThat(second.test().digest()).isEqualTo(first.test().digest());
  }

  @Test
  void drawsOtherImagesForTheTest() {
    DataSet.Images images = new Shapes(100, 100).load(UNUSED);
    assertThat(images.test().digest()).isNotEqualTo(images.train().digest());
  }

  @Test
  void drawsTenBalancedClasses() {
    DataSet.Images images = new Shapes(250, 100).load(UNUSED);
    assertThat(images.train().countByClass()).containsOnly(25);
    assertThat(images.test().countByClass()).containsOnly(10);
    assertThat(images.train().size()).isEqualTo(new Shapes(250, 100).trainSize());
    assertThat(images.test().size()).isEqualTo(new Shapes(250, 100).testSize());
  }

  @ParameterizedTest
  @ValueSource(ints = {100, 101, 109, 250})
  void knowsTheSizesOfItsClasses(int count) {
    var shapes = new Shapes(count, 100);
    assertThat(shapes.classSizes()).isEqualTo(shapes.load(UNUSED).train().countByClass());
  }

  /**
   * Dark backgrounds and light shapes, with noise: most of the scale is used, little is clipped.
   */
  @Test
  void spreadsPixelsOverTheScale() {
    byte[] pixels = new Shapes(200, 100).load(UNUSED).train().pixels();
    int[] counts = new int[256];
    for (byte pixel : pixels) {
      counts[pixel & 0xFF]++;
    }
    assertThat(IntStream.range(10, 240).map(value -> counts[value]).min().orElseThrow())
        .isPositive();
    assertThat((counts[0] + counts[255]) / (double) pixels.length).isLessThan(0.01);
    double mean =
        IntStream.range(0, 256).mapToDouble(v -> (double) v * counts[v]).sum() / pixels.length;
    assertThat(mean).isBetween(100.0, 150.0);
  }

  /** Light shapes lie on dark ground or the reverse; every image has enough of both to be told. */
  @Test
  void showsLightAndDarkInEveryImage() {
    LabeledImages images = new Shapes(200, 100).load(UNUSED).train();
    for (int i = 0; i < images.size(); i++) {
      int size = images.shape().size();
      int light = 0;
      for (int j = i * size; j < (i + 1) * size; j++) {
        light += (images.pixels()[j] & 0xFF) > 125 ? 1 : 0;
      }
      assertThat(light).isBetween(size / 40, size - size / 40);
    }
  }

  /** Measured: 17 %; chance gives 10 %. */
  @Test
  void givesALinearModelLittleMoreThanChance() {
    DataSet.Images images = new Shapes(3000, 1000).load(UNUSED);
    var model = new LinearModel(images.train());
    for (int epoch = 0; epoch < 3; epoch++) {
      model.train(images.train(), 0.001f / (1 + epoch));
    }
    assertThat(model.accuracy(images.test())).isBetween(0.05, 0.3);
  }

  @Test
  void refusesTooFewImages() {
    assertThatThrownBy(() -> new Shapes(99, 100))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("train-images must be at least 100, got 99");
    assertThatThrownBy(() -> new Shapes(100, 99))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("test-images must be at least 100, got 99");
  }
}
