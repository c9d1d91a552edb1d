package io.backdoorgrid.data;

import java.security.MessageDigest;
import java.util.Arrays;
import java.util.HexFormat;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * Images and their classes.
 *
 * @param shape of every image
 * @param classes how many classes there are; labels are 0 to classes - 1
 * @param pixels unsigned bytes, image after image, each row by row with its channels together
 * @param labels one per image
 */
public record LabeledImages(ImageShape shape, int classes, byte[] pixels, int[] labels) {

  public LabeledImages {
    if (pixels.length != (long) labels.length * shape.size()) {
      throw new IllegalArgumentException(
          "%d bytes are not %d images of %s".formatted(pixels.length, labels.length, shape));
    }
    for (int label : labels) {
      if (label < 0 || label >= classes) {
        throw new IllegalArgumentException(
            "label %d is not one of the %d classes".formatted(label, classes));
      }
    }
  }

  public int size() {
    return labels.length;
  }

  /** The images at those positions, in that order, copied. */
  public LabeledImages select(int[] positions) {
    byte[] selected = new byte[Math.multiplyExact(positions.length, shape.size())];
    int[] selectedLabels = new int[positions.length];
    for (int i = 0; i < positions.length; i++) {
      System.arraycopy(
          pixels, positions[i] * shape.size(), selected, i * shape.size(), shape.size());
      selectedLabels[i] = labels[positions[i]];
    }
    return new LabeledImages(shape, classes, selected, selectedLabels);
  }

  /** The first {@code count} images, copied; all if there are fewer. */
  public LabeledImages first(int count) {
    int kept = Math.min(count, size());
    return new LabeledImages(
        shape, classes, Arrays.copyOf(pixels, kept * shape.size()), Arrays.copyOf(labels, kept));
  }

  /** A copy that can be changed without changing this one. */
  public LabeledImages copy() {
    return new LabeledImages(shape, classes, pixels.clone(), labels.clone());
  }

  /** How many of the predicted classes are the wanted ones, in percent. */
  public static double percentEqual(int[] predictions, int[] wanted) {
    int equal = 0;
    for (int i = 0; i < wanted.length; i++) {
      equal += predictions[i] == wanted[i] ? 1 : 0;
    }
    return 100.0 * equal / wanted.length;
  }

  /** How many images there are of each class. */
  public int[] countByClass() {
    int[] counts = new int[classes];
    Arrays.stream(labels).forEach(label -> counts[label]++);
    return counts;
  }

  /** The first 16 hexadecimal digits of the SHA-256 over pixels and labels. */
  public String digest() {
    MessageDigest sha256 = DigestUtils.getSha256Digest();
    sha256.update(pixels);
    for (int label : labels) {
      sha256.update((byte) (label >> 8));
      sha256.update((byte) label);
    }
    return HexFormat.of().formatHex(sha256.digest(), 0, 8);
  }
}
