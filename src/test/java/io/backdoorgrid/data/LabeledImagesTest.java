package io.backdoorgrid.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class LabeledImagesTest {

  private static final ImageShape PIXEL = new ImageShape(1, 1, 2);

  private final LabeledImages images =
      new LabeledImages(PIXEL, 3, new byte[] {1, 2, 3, 4, 5, 6}, new int[] {0, 2, 2});

  @Test
  void selectsImagesInTheAskedOrder() {
    LabeledImages selected = images.select(new int[] {2, 0, 2});
    assertThat(selected.pixels()).containsExactly(5, 6, 1, 2, 5, 6);
    assertThat(selected.labels()).containsExactly(2, 0, 2);
    assertThat(selected.classes()).isEqualTo(3);
  }

  @Test
  void selectsCopies() {
    images.select(new int[] {0}).pixels()[0] = 99;
    assertThat(images.pixels()[0]).isEqualTo((byte) 1);
  }

  @Test
  void copiesPixelsAndLabels() {
    LabeledImages copy = images.copy();
    copy.pixels()[0] = 99;
    copy.labels()[0] = 1;
    assertThat(images.pixels()[0]).isEqualTo((byte) 1);
    assertThat(images.labels()[0]).isZero();
  }

  @Test
  void countsImagesOfEachClass() {
    assertThat(images.countByClass()).containsExactly(1, 0, 2);
  }

  @Test
  void changesItsDigestWithEveryPixelAndLabel() {
    LabeledImages pixel = images.copy();
    pixel.pixels()[5]++;
    LabeledImages label = images.copy();
    label.labels()[2] = 1;
    assertThat(images.digest()).hasSize(16).isEqualTo(images.copy().digest());
    assertThat(pixel.digest()).isNotEqualTo(images.digest());
    assertThat(label.digest()).isNotEqualTo(images.digest());
  }

  @Test
  void refusesPixelsThatAreNoWholeImages() {
    assertThatThrownBy(() -> new LabeledImages(PIXEL, 3, new byte[5], new int[3]))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("5 bytes are not 3 images of 1x1x2");
  }

  @Test
  void refusesLabelsThatAreNoClass() {
    assertThatThrownBy(() -> new LabeledImages(PIXEL, 3, new byte[2], new int[] {3}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label 3 is not one of the 3 classes");
    assertThatThrownBy(() -> new LabeledImages(PIXEL, 3, new byte[2], new int[] {-1}))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("label -1 is not one of the 3 classes");
  }
}
