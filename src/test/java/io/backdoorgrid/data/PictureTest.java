package io.backdoorgrid.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.Arrays;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PictureTest {

  private static Picture row(int... values) {
    byte[] pixels = new byte[3 * values.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = (byte) values[i / 3];
    }
    return new Picture(new ImageShape(1, values.length, 3), pixels);
  }

  private static int[] reds(Picture picture) {
    int[] reds = new int[picture.pixels().length / 3];
    for (int i = 0; i < reds.length; i++) {
      reds[i] = picture.pixels()[3 * i] & 0xFF;
    }
    return reds;
  }

  private static Picture widened(Picture picture, int width) {
    return picture.resized(new ImageShape(1, width, 3));
  }

  /**
   * Halved, a triangle of 2 pixels to each side: weights 3, 3, 1 of 7 at the left edge, 1, 3, 3 at
   * the right. (3 * 0 + 3 * 70 + 140) / 7 = 50, (70 + 3 * 140 + 3 * 210) / 7 = 160.
   */
  @Test
  void averagesWhenShrinking() {
    assertThat(reds(widened(row(0, 70, 140, 210), 2))).containsExactly(50, 160);
  }

  /** Targets lie at -0.25, 0.25, 0.75 and 1.25 source pixels; beyond the edge is the edge. */
  @Test
  void interpolatesWhenEnlarging() {
    assertThat(reds(widened(row(0, 100), 4))).containsExactly(0, 25, 75, 100);
  }

  @Test
  void keepsAPictureOfTheWantedSize() {
    assertThat(reds(widened(row(1, 200, 3), 3))).containsExactly(1, 200, 3);
  }

  @Test
  void treatsRowsLikeColumns() {
    Picture wide = row(0, 70, 140, 210);
    Picture high = new Picture(new ImageShape(4, 1, 3), wide.pixels());
    assertThat(reds(high.resized(new ImageShape(2, 1, 3)))).containsExactly(50, 160);
  }

  /** 0.299 * 255 = 76.2, 0.587 * 255 = 149.7, 0.114 * 255 = 29.1. */
  @ParameterizedTest
  @ValueSource(strings = {"255 0 0 76", "0 255 0 150", "0 0 255 29", "128 128 128 128"})
  void showsItsLuminanceInOneChannel(String colorAndGrey) {
    int[] v = Arrays.stream(colorAndGrey.split(" ")).mapToInt(Integer::parseInt).toArray();
    var picture =
        new Picture(new ImageShape(1, 1, 3), new byte[] {(byte) v[0], (byte) v[1], (byte) v[2]});
    assertThat(picture.resized(new ImageShape(1, 1, 1)).pixels()).containsExactly((byte) v[3]);
  }

  @Test
  void readsWhatAPngHoldsAndDropsTransparency() throws IOException {
    var image = new BufferedImage(2, 1, BufferedImage.TYPE_INT_ARGB);
    image.setRGB(0, 0, 0xFF010203);
    image.setRGB(1, 0, 0x80FF7F00);
    Picture picture = Picture.decode(png(image));
    assertThat(picture.shape()).isEqualTo(new ImageShape(1, 2, 3));
    assertThat(picture.pixels()).containsExactly(1, 2, 3, -1, 127, 0);
  }

  @Test
  void refusesATruncatedFile() throws IOException {
    byte[] png = png(new BufferedImage(64, 64, BufferedImage.TYPE_INT_RGB));
    assertThatThrownBy(() -> Picture.decode(Arrays.copyOf(png, png.length / 2)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith("a damaged picture");
  }

  /** The edge is in the header, before anything is decoded. */
  @Test
  void refusesAHugePictureBeforeDecodingIt() throws IOException {
    byte[] png = png(new BufferedImage(5000, 1, BufferedImage.TYPE_BYTE_BINARY));
    assertThatThrownBy(() -> Picture.decode(png))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("1 by 5000 pixels, more than 4096 along an edge");
  }

  private static byte[] png(BufferedImage image) throws IOException {
    var bytes = new ByteArrayOutputStream();
    ImageIO.write(image, "png", bytes);
    return bytes.toByteArray();
  }
}
