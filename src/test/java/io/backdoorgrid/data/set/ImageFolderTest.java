package io.backdoorgrid.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ImageFolderTest {

  private static final ImageShape SHAPE = new ImageShape(2, 2, 3);

  @TempDir Path folder;

  private void picture(String name, int edge, int rgb) throws IOException {
    var image = new BufferedImage(edge, edge, BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < edge * edge; i++) {
      image.setRGB(i % edge, i / edge, rgb);
    }
    Path file = folder.resolve(name);
    Files.createDirectories(file.getParent());
    ImageIO.write(image, "png", file.toFile());
  }

  /** A class per folder in the order of their names, whatever else lies there. */
  @Test
  void readsAFolderPerClass() throws IOException {
    picture("b/1.png", 2, 0x010203);
    picture("a/2.PNG", 4, 0x0a0b0c);
    picture("a/1.png", 2, 0xff0000);
    Files.writeString(folder.resolve("a/notes.txt"), "");
    Files.writeString(folder.resolve("readme.md"), "");
    LabeledImages images = ImageFolder.read(folder, SHAPE, 2);
    assertThat(images.labels()).containsExactly(0, 0, 1);
    byte[] first = {-1, 0, 0, -1, 0, 0, -1, 0, 0, -1, 0, 0};
    assertThat(images.select(new int[] {0}).pixels()).isEqualTo(first);
    assertThat(images.select(new int[] {1}).pixels())
        .as("of another size, of one colour")
        .containsExactly(10, 11, 12, 10, 11, 12, 10, 11, 12, 10, 11, 12);
    assertThat(images.select(new int[] {2}).pixels()).startsWith(1, 2, 3);
  }

  @Test
  void namesWhatIsWrong() throws IOException {
    assertThatThrownBy(() -> ImageFolder.read(folder.resolve("no"), SHAPE, 2))
        .isInstanceOf(BadDataException.class)
        .hasMessage("no such folder: " + folder.resolve("no"));
    picture("a/1.png", 2, 0);
    assertThatThrownBy(() -> ImageFolder.read(folder, SHAPE, 2))
        .hasMessage(folder + " has 1 folders, one for each class, where the model has 2 classes");
    Files.writeString(folder.resolve("a/2.png"), "no picture");
    assertThatThrownBy(() -> ImageFolder.read(folder, SHAPE, 1))
        .hasMessage(folder.resolve("a/2.png") + ": neither PNG nor JPEG");
    Files.delete(folder.resolve("a/1.png"));
    Files.delete(folder.resolve("a/2.png"));
    assertThatThrownBy(() -> ImageFolder.read(folder, SHAPE, 1))
        .hasMessage(folder + ": no PNG, JPEG, BMP or GIF in its folders");
  }
}
