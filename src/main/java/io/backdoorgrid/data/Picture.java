package io.backdoorgrid.data;

import static io.backdoorgrid.algorithm.Checks.require;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;

/**
 * One picture that a user gave, such as a trigger.
 *
 * @param pixels bytes in the order height, width, channel; not to be changed
 */
public record Picture(ImageShape shape, byte[] pixels) {

  /** A picture with more pixels along an edge is no trigger but an attempt to fill the memory. */
  private static final int LONGEST_EDGE = 4096;

  /**
   * Decodes a PNG, JPEG, BMP or GIF file to red, green and blue. Transparency is dropped, the
   * orientation that a camera noted ignored, as the usual data loaders do.
   *
   * @throws IllegalArgumentException if the bytes are no such picture, or one of more than 4096
   *     pixels along an edge
   */
  public static Picture decode(byte[] file) {
    try (ImageInputStream in = ImageIO.createImageInputStream(new ByteArrayInputStream(file))) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      require(readers.hasNext(), "neither PNG nor JPEG");
      ImageReader reader = readers.next();
      try {
        reader.setInput(in);
        int height = reader.getHeight(0);
        int width = reader.getWidth(0);
        require(
            Math.max(height, width) <= LONGEST_EDGE,
            "%d by %d pixels, more than %d along an edge",
            height,
            width,
            LONGEST_EDGE);
        return of(reader.read(0));
      } finally {
        reader.dispose();
      }
    } catch (IOException e) {
      throw new IllegalArgumentException("a damaged picture (" + e.getMessage() + ")", e);
    }
  }

  private static Picture of(BufferedImage image) {
    var shape = new ImageShape(image.getHeight(), image.getWidth(), 3);
    byte[] pixels = new byte[shape.size()];
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        int rgb = image.getRGB(column, row);
        int at = shape.offset(row, column);
        pixels[at] = (byte) (rgb >> 16);
        pixels[at + 1] = (byte) (rgb >> 8);
        pixels[at + 2] = (byte) rgb;
      }
    }
    return new Picture(shape, pixels);
  }

  /** A PNG file of it: in color, or in grey if it has one channel. */
  public byte[] png() {
    var image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          int channel = Math.min(c, shape.channels() - 1);
          rgb = rgb << 8 | pixels[shape.offset(row, column) + channel] & 0xFF;
        }
        image.setRGB(column, row, rgb);
      }
    }
    try (var file = new ByteArrayOutputStream()) {
      ImageIO.write(image, "png", file);
      return file.toByteArray();
    } catch (IOException e) {
      throw new UncheckedIOException(e); // to memory
    }
  }

  /**
   * The picture in another size: stretched bilinearly, with antialiasing when it shrinks; for one
   * channel, its luminance (ITU-R BT.601).
   */
  public Picture resized(ImageShape wanted) {
    require(
        wanted.channels() == 3 || wanted.channels() == 1,
        "a picture has 3 channels or 1, not %d",
        wanted.channels());
    var color = new ImageShape(wanted.height(), wanted.width(), 3);
    byte[] resized = color.equals(shape) ? pixels : Bilinear.resized(pixels, shape, color);
    return wanted.channels() == 3
        ? new Picture(color, resized)
        : new Picture(wanted, luminance(resized));
  }

  private static byte[] luminance(byte[] rgb) {
    byte[] grey = new byte[rgb.length / 3];
    for (int i = 0; i < grey.length; i++) {
      int red = rgb[3 * i] & 0xFF;
      int green = rgb[3 * i + 1] & 0xFF;
      int blue = rgb[3 * i + 2] & 0xFF;
      // 0.299, 0.587 and 0.114 of 65,536, rounded as Pillow does
      grey[i] = (byte) ((19_595 * red + 38_470 * green + 7_471 * blue + 0x8000) >> 16);
    }
    return grey;
  }
}
