package io.backdoorgrid.data.set;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class Cifar10Test {

  private static final int RECORD = 3073;
  private static final int FILE = 10_000 * RECORD;
  private static final List<String> NAMES =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin",
          "test_batch.bin");

  @TempDir private Path directory;
  private Path folder;

  @BeforeEach
  void createFolder() throws IOException {
    folder = directory.resolve("cifar10/cifar-10-batches-bin");
    Files.createDirectories(folder);
  }

  @Test
  void hasClassesOfOneSize() {
    assertThat(new Cifar10().classSizes()).hasSize(10).containsOnly(5_000);
  }

  /** Files of black images of class 0, but for one image in the second and the last file. */
  @Test
  void readsThreePlanesAsPixels() throws IOException {
    for (String name : NAMES) {
      createFile(name, FILE);
    }
    byte[] record = new byte[RECORD];
    record[0] = 7;
    record[1] = (byte) 250; // red of the first pixel
    record[1 + 1024] = 20; // green
    record[1 + 2048] = 30; // blue
    record[1 + 1023] = 40; // red of the last pixel
    record[1 + 33] = 50; // red of the second row's second pixel
    write("data_batch_2.bin", 3, record);
    write("test_batch.bin", 9_999, record);

    DataSet.Images images = new Cifar10().load(directory);

    LabeledImages train = images.train();
    assertThat(train.size()).isEqualTo(50_000).isEqualTo(new Cifar10().trainSize());
    assertThat(train.shape()).isEqualTo(new ImageShape(32, 32, 3));
    assertThat(train.countByClass()).containsExactly(49_999, 0, 0, 0, 0, 0, 0, 1, 0, 0);
    assertThat(train.labels()[10_003]).isEqualTo(7);
    byte[] image = train.select(new int[] {10_003}).pixels();
    assertThat(Arrays.copyOf(image, 3)).containsExactly(250, 20, 30);
    assertThat(Arrays.copyOfRange(image, 3069, 3072)).containsExactly(40, 0, 0);
    assertThat(image[train.shape().offset(1, 1)]).isEqualTo((byte) 50);

    LabeledImages test = images.test();
    assertThat(test.size()).isEqualTo(10_000).isEqualTo(new Cifar10().testSize());
    assertThat(test.labels()[9_999]).isEqualTo(7);
    assertThat(test.select(new int[] {9_999}).pixels()).isEqualTo(image);
  }

  @Test
  void saysWhichFolderIsMissing() throws IOException {
    Files.delete(folder);
    assertRefused("no CIFAR-10: the folder %s is missing".formatted(folder));
  }

  @Test
  void saysWhichFileIsMissing() throws IOException {
    assertRefused("%s is missing, a file of %,d bytes".formatted(path(1), FILE));
    createFile("data_batch_1.bin", FILE);
    assertRefused("%s is missing, a file of %,d bytes".formatted(path(2), FILE));
  }

  @Test
  void saysWhichFileHasAnotherSize() throws IOException {
    createFile("data_batch_1.bin", FILE - 1);
    assertRefused(
        "%s has %,d bytes, expected %,d (%,d records of %,d)"
            .formatted(path(1), FILE - 1, FILE, 10_000, RECORD));
  }

  @Test
  void saysWhichRecordHasAnImpossibleLabel() throws IOException {
    createFile("data_batch_1.bin", FILE);
    write("data_batch_1.bin", 2, new byte[] {10});
    assertRefused("%s has label 10 in record 2, expected 0 to 9".formatted(path(1)));
  }

  private Path path(int batch) {
    return folder.resolve(NAMES.get(batch - 1));
  }

  /** Of zeros, which take no space on most disks. */
  private void createFile(String name, int size) throws IOException {
    try (var file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.setLength(size);
    }
  }

  private void write(String name, int record, byte[] bytes) throws IOException {
    try (var file = new RandomAccessFile(folder.resolve(name).toFile(), "rw")) {
      file.seek((long) record * RECORD);
      file.write(bytes);
    }
  }

  private void assertRefused(String message) {
    assertThatThrownBy(() -> new Cifar10().load(directory))
        .isInstanceOf(BadDataException.class)
        .hasMessage(message);
  }
}
