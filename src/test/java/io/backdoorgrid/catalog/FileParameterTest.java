package io.backdoorgrid.catalog;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.grid.read.GridReader;
import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A hyperparameter that names a file is what the file holds, not what it is called. */
class FileParameterTest {

  @TempDir Path folder;

  @BeforeEach
  void pictures() throws IOException {
    Files.createDirectory(folder.resolve("keys"));
    draw("cat.png", 0xFF0000);
    draw("dog.png", 0x0000FF);
  }

  private void draw(String name, int rgb) throws IOException {
    var image = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB);
    image.setRGB(0, 0, rgb);
    ImageIO.write(image, "png", folder.resolve("keys").resolve(name).toFile());
  }

  private Plan plan(String blended) throws IOException {
    Path grid =
        Files.writeString(
            folder.resolve("grid.yaml"),
            "victims: {dataset: shapes, model: resnet18, attack: %s}%ndefenses: none%n"
                .formatted(blended));
    return GridReader.read(grid, new Algorithms(), Overrides.NONE);
  }

  private VictimId id(String blended) throws IOException {
    return plan(blended).victims().get(0).id();
  }

  @Test
  void isReadBesideTheGridFile() throws IOException {
    Victim victim = plan("{blended: {key: keys/cat.png}}").victims().get(0);
    assertThat(victim.attack().parameters().get("key").toString())
        .as("name and digest")
        .matches("cat\\.png@[0-9a-f]{12}");
  }

  @Test
  void makesTheSameVictimUnderAnotherName() throws IOException {
    Files.copy(folder.resolve("keys/cat.png"), folder.resolve("kitten"));
    assertThat(id("{blended: {key: kitten}}")).isEqualTo(id("{blended: {key: keys/cat.png}}"));
  }

  @Test
  void makesAnotherVictimWithOtherContent() throws IOException {
    VictimId before = id("{blended: {key: keys/cat.png}}");
    draw("cat.png", 0x00FF00);
    assertThat(id("{blended: {key: keys/cat.png}}")).isNotEqualTo(before);
  }

  @Test
  void leavesTheVictimAsItWasWithoutAFile() throws IOException {
    assertThat(id("{blended: {key: none}}")).isEqualTo(id("blended"));
  }

  @Test
  void isAnAxisAsAnyOther() throws IOException {
    assertThat(plan("{blended: {key: [none, keys/cat.png, keys/dog.png]}}").victims())
        .extracting(Victim::id)
        .doesNotHaveDuplicates()
        .hasSize(3);
  }

  @Test
  void isMissedWithTheFolderThatWasSearched() {
    assertThatThrownBy(() -> plan("{blended: {key: keys/cow.png}}"))
        .isInstanceOf(GridException.class)
        .hasMessageEndingWith(
            "grid.yaml:1:69: key: no such file: " + folder.resolve("keys/cow.png"));
  }

  @Test
  void mustBeAPicture() throws IOException {
    Files.writeString(folder.resolve("cow.png"), "moo");
    assertThatThrownBy(() -> plan("{blended: {key: cow.png}}"))
        .isInstanceOf(GridException.class)
        .hasMessageEndingWith("key cow.png is neither PNG nor JPEG");
  }
}
