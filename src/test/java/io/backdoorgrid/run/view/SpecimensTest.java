package io.backdoorgrid.run.view;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.fail;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.grid.Spec;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpecimensTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final Spec FEW_SHAPES =
      new Spec("shapes", 1, Map.of("train-images", 100, "test-images", 100));
  private static final SmallTraining TINY =
      new SmallTraining(new Spec("resnet18", 1, Map.of("width", 4)), 1, 100, 1);

  private static Spec attack(String name) {
    return new Spec(name, 1, Map.of());
  }

  private static Specimens draw(int count, long seed) {
    return Specimens.draw(
        FEW_SHAPES, Path.of("nowhere"), count, seed, TINY, line -> fail("nothing to wait for"));
  }

  @Test
  void areOfDifferentClasses() {
    LabeledImages images = draw(8, 0).originals();
    assertThat(images.labels()).hasSize(8).doesNotHaveDuplicates().isSorted();
    assertThat(draw(20, 0).originals().countByClass()).containsOnly(2);
  }

  @Test
  void shareOutWhatThereIs() {
    LabeledImages uneven = ToyImages.constant(SHAPE, 3, 0, 0, 0, 0, 0, 0, 2);
    int[] chosen = Specimens.choose(uneven, 3, new Seed("").stream("images"));
    assertThat(uneven.select(chosen).labels()).containsExactly(0, 0, 2);
    assertThat(chosen).doesNotHaveDuplicates();
  }

  @Test
  void dependOnTheSeedAlone() {
    assertThat(draw(8, 0).originals().pixels()).isEqualTo(draw(8, 0).originals().pixels());
    assertThat(draw(8, 0).originals().pixels()).isNotEqualTo(draw(8, 1).originals().pixels());
    byte[] blended = draw(8, 0).under(attack("blended")).pixels();
    assertThat(draw(8, 0).under(attack("blended")).pixels()).isEqualTo(blended);
    assertThat(draw(8, 1).under(attack("blended")).pixels()).isNotEqualTo(blended);
  }

  @Test
  void wearTheTrigger() {
    LabeledImages black = ToyImages.constant(SHAPE, 1, 0, 0, 0);
    var data = new DataSet.Images(black, black, new Normalization(new float[3], new float[3]));
    var rehearsal = new Rehearsal(data, TINY, new Seed(""), line -> fail("nothing to wait for"));
    byte[] pixels = new Specimens(black, rehearsal).under(attack("badnets")).pixels();
    for (int i = 0; i < 2; i++) {
      byte[] image = Arrays.copyOfRange(pixels, i * SHAPE.size(), (i + 1) * SHAPE.size());
      assertThat(image[SHAPE.offset(13, 13)]).isEqualTo((byte) 255);
      assertThat(image).containsOnly(0, 255);
      int white = 0;
      for (byte value : image) {
        white += value == 0 ? 0 : 1;
      }
      assertThat(white).as("3x3 pixels of 3 channels").isEqualTo(27);
    }
    assertThat(black.pixels()).as("the originals stay").containsOnly(0);
  }

  @Test
  void stayAsTheyAreWithoutAnAttack() {
    Specimens specimens = draw(8, 0);
    assertThat(specimens.under(attack("none")).pixels()).isEqualTo(specimens.originals().pixels());
  }

  @Test
  void areNoMoreThanThereAre() {
    assertThatThrownBy(() -> draw(101, 0))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("images must be from 1 to 100, got 101");
  }
}
