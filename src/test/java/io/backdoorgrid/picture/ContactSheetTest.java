package io.backdoorgrid.picture;

import static io.backdoorgrid.picture.ContactSheet.GAP;
import static io.backdoorgrid.picture.ContactSheet.GROUP_GAP;
import static io.backdoorgrid.picture.ContactSheet.MARGIN;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.picture.ContactSheet.Row;
import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;

class ContactSheetTest {

  private static final ImageShape SHAPE = new ImageShape(16, 16, 3);
  private static final int TILE = 6 * 16;

  private final LabeledImages images = ToyImages.random(SHAPE, 1, 3, 5);

  private static BufferedImage unlabeled(Row... rows) {
    return new ContactSheet(List.of(rows), Optional.empty()).draw();
  }

  private static int rgb(BufferedImage sheet, int x, int y) {
    return sheet.getRGB(x, y) & 0xFFFFFF;
  }

  @Test
  void showsPixelsAsSquares() {
    BufferedImage sheet = unlabeled(new Row("", List.of(), images));
    for (int i = 0; i < 3; i++) {
      for (int row = 0; row < 16; row++) {
        for (int column = 0; column < 16; column++) {
          int at = i * SHAPE.size() + SHAPE.offset(row, column);
          int expected =
              (images.pixels()[at] & 0xFF) << 16
                  | (images.pixels()[at + 1] & 0xFF) << 8
                  | images.pixels()[at + 2] & 0xFF;
          int x = MARGIN + i * (TILE + GAP) + 6 * column;
          int y = MARGIN + 6 * row;
          assertThat(rgb(sheet, x, y)).isEqualTo(expected);
          assertThat(rgb(sheet, x + 5, y + 5)).isEqualTo(expected);
        }
      }
    }
  }

  @Test
  void hasRoomForEveryRow() {
    Row row = new Row("", List.of(), images);
    Row group = new Row("blended", List.of(), images);
    BufferedImage sheet = unlabeled(row, group, row);
    assertThat(sheet.getWidth()).isEqualTo(2 * MARGIN + 3 * TILE + 2 * GAP);
    assertThat(sheet.getHeight()).isEqualTo(2 * MARGIN + 3 * TILE + GROUP_GAP + GAP);
    int second = MARGIN + TILE + GROUP_GAP;
    assertThat(rgb(sheet, MARGIN, second)).isEqualTo(rgb(sheet, MARGIN, MARGIN));
    assertThat(rgb(sheet, MARGIN, second + TILE + GAP)).isEqualTo(rgb(sheet, MARGIN, MARGIN));
  }

  @Test
  void framesWhiteImagesOnWhitePaper() {
    LabeledImages white = ToyImages.constant(SHAPE, 1, 255, 0);
    BufferedImage sheet = unlabeled(new Row("", List.of(), white));
    assertThat(rgb(sheet, MARGIN, MARGIN)).isEqualTo(0xFFFFFF);
    assertThat(rgb(sheet, MARGIN - 1, MARGIN)).isEqualTo(0xBBBBBB);
    assertThat(rgb(sheet, MARGIN + TILE, MARGIN + TILE)).isEqualTo(0xBBBBBB);
    assertThat(rgb(sheet, MARGIN + TILE + 1, MARGIN)).isEqualTo(0xFFFFFF);
  }

  @Test
  void showsOneChannelAsGrey() {
    LabeledImages grey = ToyImages.constant(new ImageShape(28, 28, 1), 1, 0x40, 0);
    assertThat(rgb(unlabeled(new Row("", List.of(), grey)), MARGIN, MARGIN)).isEqualTo(0x404040);
  }

  @Test
  void enlargesByWholeFactors() {
    assertThat(ContactSheet.scale(new ImageShape(16, 16, 3))).isEqualTo(6);
    assertThat(ContactSheet.scale(new ImageShape(32, 32, 3))).isEqualTo(3);
    assertThat(ContactSheet.scale(new ImageShape(32, 64, 3))).isEqualTo(2);
    assertThat(ContactSheet.scale(new ImageShape(224, 224, 3))).isEqualTo(1);
  }

  @Test
  void makesRoomForLabels() {
    Optional<Lettering> lettering = Lettering.find();
    assumeThat(lettering).as("fonts of this machine").isPresent();
    List<String> lines = List.of("a", "label", "of", "seven", "lines", "and a long one");
    Row row = new Row("heading", lines, images);
    BufferedImage sheet = new ContactSheet(List.of(row), lettering).draw();
    int label = lettering.orElseThrow().width("heading", lines);
    int height = lettering.orElseThrow().height("heading", lines);
    assertThat(height).isGreaterThan(TILE);
    assertThat(sheet.getWidth()).isEqualTo(3 * MARGIN + label + 3 * TILE + 2 * GAP);
    assertThat(sheet.getHeight()).isEqualTo(2 * MARGIN + height);
    boolean ink = false;
    for (int x = MARGIN; x < MARGIN + label; x++) {
      for (int y = MARGIN; y < MARGIN + height; y++) {
        ink |= rgb(sheet, x, y) == 0x333333;
      }
    }
    assertThat(ink).isTrue();
  }

  @Test
  void isAPng() throws IOException {
    var sheet = new ContactSheet(List.of(new Row("", List.of(), images)), Optional.empty());
    BufferedImage read = ImageIO.read(new ByteArrayInputStream(sheet.png()));
    assertThat(read.getWidth()).isEqualTo(sheet.draw().getWidth());
    assertThat(read.getRGB(MARGIN, MARGIN)).isEqualTo(sheet.draw().getRGB(MARGIN, MARGIN));
  }
}
