package io.backdoorgrid.data.set;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/**
 * CIFAR-10 (Krizhevsky, 2009): 50,000 training and 10,000 test photographs, 32x32 RGB, ten classes.
 *
 * <p>Reads the official binary version, {@code cifar10/cifar-10-batches-bin/*.bin} below the data
 * directory: records of one label byte and three color planes of 1,024 bytes.
 */
@Algorithm("cifar10")
public record Cifar10() implements DataSet {

  private static final ImageShape SHAPE = new ImageShape(32, 32, 3);
  private static final int CLASSES = 10;
  private static final int RECORDS_PER_FILE = 10_000;
  private static final int PLANE = SHAPE.height() * SHAPE.width();
  private static final int RECORD = 1 + SHAPE.size();
  private static final List<String> TRAIN_FILES =
      List.of(
          "data_batch_1.bin",
          "data_batch_2.bin",
          "data_batch_3.bin",
          "data_batch_4.bin",
          "data_batch_5.bin");
  private static final List<String> TEST_FILES = List.of("test_batch.bin");

  private static final Normalization NORMALIZATION =
      new Normalization(
          new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.247f, 0.243f, 0.261f});

  @Override
  public ImageShape shape() {
    return SHAPE;
  }

  @Override
  public int trainSize() {
    return TRAIN_FILES.size() * RECORDS_PER_FILE;
  }

  @Override
  public int[] classSizes() {
    int[] sizes = new int[CLASSES];
    Arrays.fill(sizes, trainSize() / CLASSES);
    return sizes;
  }

  @Override
  public int testSize() {
    return TEST_FILES.size() * RECORDS_PER_FILE;
  }

  @Override
  public Optional<String> folder() {
    return Optional.of("cifar10/cifar-10-batches-bin");
  }

  @Override
  public Images load(Path directory) {
    Path folder = directory.resolve(folder().orElseThrow());
    if (!Files.isDirectory(folder)) {
      throw new BadDataException("no CIFAR-10: the folder %s is missing".formatted(folder));
    }
    return new Images(read(folder, TRAIN_FILES), read(folder, TEST_FILES), NORMALIZATION);
  }

  private static LabeledImages read(Path folder, List<String> files) {
    int count = files.size() * RECORDS_PER_FILE;
    byte[] pixels = new byte[count * SHAPE.size()];
    int[] labels = new int[count];
    int image = 0;
    for (String file : files) {
      byte[] records = readFile(folder.resolve(file));
      for (int record = 0; record < RECORDS_PER_FILE; record++, image++) {
        labels[image] = label(folder.resolve(file), records, record);
        interleave(records, record * RECORD + 1, pixels, image * SHAPE.size());
      }
    }
    return new LabeledImages(SHAPE, CLASSES, pixels, labels);
  }

  private static byte[] readFile(Path file) {
    long expected = (long) RECORDS_PER_FILE * RECORD;
    try {
      if (!Files.isRegularFile(file)) {
        throw new BadDataException("%s is missing, a file of %,d bytes".formatted(file, expected));
      }
      long size = Files.size(file);
      if (size != expected) {
        throw new BadDataException(
            "%s has %,d bytes, expected %,d (%,d records of %,d)"
                .formatted(file, size, expected, RECORDS_PER_FILE, RECORD));
      }
      return Files.readAllBytes(file);
    } catch (IOException e) {
      throw new BadDataException("%s cannot be read: %s".formatted(file, e.getMessage()), e);
    }
  }

  private static int label(Path file, byte[] records, int record) {
    int label = records[record * RECORD] & 0xFF;
    if (label >= CLASSES) {
      throw new BadDataException(
          "%s has label %d in record %,d, expected 0 to %d"
              .formatted(file, label, record, CLASSES - 1));
    }
    return label;
  }

  /** Three planes become three bytes per pixel. */
  private static void interleave(byte[] planes, int from, byte[] pixels, int to) {
    for (int i = 0; i < PLANE; i++) {
      for (int c = 0; c < SHAPE.channels(); c++) {
        pixels[to + i * SHAPE.channels() + c] = planes[from + c * PLANE + i];
      }
    }
  }
}
