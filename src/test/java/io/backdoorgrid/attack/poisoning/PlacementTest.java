package io.backdoorgrid.attack.poisoning;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.attack.Triggered;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.ToyImages;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PlacementTest {

  private static final ImageShape SHAPE = Triggered.CIFAR;
  private static final int LAST = 31;

  private final byte[] image = ToyImages.random(SHAPE, 1, 1, 1).pixels();

  /** Where a pixel of the result is in the image, as an offset. */
  private interface Source {
    int of(int row, int column);
  }

  private static byte[] placed(ImageShape shape, byte[] image, Placement placement) {
    byte[] pixels = image.clone();
    placement.apply(shape, pixels, 0);
    return pixels;
  }

  private void assertMoved(Placement placement, Source source) {
    byte[] expected = new byte[image.length];
    for (int row = 0; row <= LAST; row++) {
      for (int column = 0; column <= LAST; column++) {
        System.arraycopy(
            image, source.of(row, column), expected, SHAPE.offset(row, column), SHAPE.channels());
      }
    }
    assertThat(placed(SHAPE, image, placement)).isEqualTo(expected);
  }

  private static Placement turned(double degrees) {
    return new Placement(false, degrees, 1, 1, 0, 0);
  }

  @Test
  void leavesAnImageThatStaysAsItIs() {
    assertMoved(turned(0), SHAPE::offset);
  }

  /** The top row comes to lie at the right, where the old columns run down. */
  @Test
  void turnsByAQuarterAsArraysDo() {
    assertMoved(turned(90), (row, column) -> SHAPE.offset(LAST - column, row));
    assertMoved(turned(-90), (row, column) -> SHAPE.offset(column, LAST - row));
    assertMoved(turned(180), (row, column) -> SHAPE.offset(LAST - row, LAST - column));
  }

  @Test
  void mirrorsBeforeItTurns() {
    assertMoved(
        new Placement(true, 0, 1, 1, 0, 0), (row, column) -> SHAPE.offset(row, LAST - column));
    assertMoved(
        new Placement(true, 90, 1, 1, 0, 0),
        (row, column) -> SHAPE.offset(LAST - column, LAST - row));
  }

  @Test
  void leavesBlackWhereTheImageWas() {
    var shape = new ImageShape(3, 3, 1);
    byte[] moved =
        placed(shape, new byte[] {1, 2, 3, 4, 5, 6, 7, 8, 9}, new Placement(false, 0, 1, 1, 1, -2));
    assertThat(moved).containsExactly(0, 7, 8, 0, 0, 0, 0, 0, 0);
  }

  /** Columns 0 to 3 of half the width show the places -1, 1, 3 and 5 less a half, of 0 to 3. */
  @Test
  void interpolatesWhereItScales() {
    var shape = new ImageShape(1, 4, 1);
    byte[] scaled =
        placed(shape, new byte[] {10, 20, 40, 80}, new Placement(false, 0, 0.5, 1, 0, 0));
    assertThat(scaled).containsExactly(0, 15, 60, 0);
  }

  /** Even in the corners the middle 20 pixels lie within four fifths, whatever the angle. */
  @ParameterizedTest
  @ValueSource(doubles = {3, 10, 45})
  void keepsGreyGreyInsideAndBlackOutside(double degrees) {
    byte[] grey = new byte[SHAPE.size()];
    Arrays.fill(grey, (byte) 130);
    byte[] moved = placed(SHAPE, grey, new Placement(false, degrees, 0.8, 0.8, 0, 0));
    for (int row = 0; row <= LAST; row++) {
      for (int column = 0; column <= LAST; column++) {
        double distance = Math.hypot(row - 15.5, column - 15.5);
        int value = moved[SHAPE.offset(row, column)] & 0xFF;
        if (distance < 0.8 * 15.5) {
          assertThat(value).isEqualTo(130);
        } else if (distance > 0.8 * 16.5 * Math.sqrt(2)) {
          assertThat(value).isZero();
        }
      }
    }
  }
}
