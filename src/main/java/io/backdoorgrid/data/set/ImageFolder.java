package io.backdoorgrid.data.set;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Picture;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import java.util.stream.Stream;

/**
 * Anybody's pictures: a folder per class, in the order of the folders' names, as torchvision's
 * ImageFolder has it. Pictures of another size are stretched.
 */
public final class ImageFolder {

  private static final String PICTURES = "(?i).*\\.(png|jpe?g|bmp|gif)";

  /** Java's arrays end there. */
  private static final long MOST_BYTES = Integer.MAX_VALUE - 8;

  private ImageFolder() {}

  /**
   * Reads all pictures.
   *
   * @param classes as many as there must be folders
   * @throws BadDataException naming the folder or file, if there are others, or one is no picture
   */
  public static LabeledImages read(Path folder, ImageShape shape, int classes) {
    try {
      List<Path> folders = sorted(folder, Files::isDirectory);
      if (folders.size() != classes) {
        throw new BadDataException(
            "%s has %d folders, one for each class, where the model has %d classes"
                .formatted(folder, folders.size(), classes));
      }
      var files = new ArrayList<Path>();
      var labels = new ArrayList<Integer>();
      for (int label = 0; label < classes; label++) {
        for (Path file : sorted(folders.get(label), ImageFolder::isPicture)) {
          files.add(file);
          labels.add(label);
        }
      }
      if (files.isEmpty()) {
        throw new BadDataException(folder + ": no PNG, JPEG, BMP or GIF in its folders");
      }
      require(
          (long) files.size() * shape.size() <= MOST_BYTES,
          "%d images of %s are more than 2 GiB",
          files.size(),
          shape);
      byte[] pixels = new byte[files.size() * shape.size()];
      for (int i = 0; i < files.size(); i++) {
        System.arraycopy(pixels(files.get(i), shape), 0, pixels, i * shape.size(), shape.size());
      }
      return new LabeledImages(
          shape, classes, pixels, labels.stream().mapToInt(label -> label).toArray());
    } catch (IOException e) {
      throw new BadDataException("%s: %s".formatted(folder, e.getMessage()));
    }
  }

  private static byte[] pixels(Path file, ImageShape shape) throws IOException {
    try {
      return Picture.decode(Files.readAllBytes(file)).resized(shape).pixels();
    } catch (IllegalArgumentException e) {
      throw new BadDataException("%s: %s".formatted(file, e.getMessage()));
    }
  }

  private static boolean isPicture(Path file) {
    return file.getFileName().toString().matches(PICTURES);
  }

  private static List<Path> sorted(Path folder, Predicate<Path> wanted) throws IOException {
    if (!Files.isDirectory(folder)) {
      throw new BadDataException("no such folder: " + folder);
    }
    try (Stream<Path> entries = Files.list(folder)) {
      return entries.filter(wanted).sorted().toList();
    }
  }
}
