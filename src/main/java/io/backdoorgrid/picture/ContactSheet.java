package io.backdoorgrid.picture;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/**
 * Rows of images of one shape, each with its label at the left. Pixels become squares, so that each
 * can be seen.
 *
 * @param rows from top to bottom
 * @param lettering writes the labels; without it there are none
 */
public record ContactSheet(List<Row> rows, Optional<Lettering> lettering) {

  /**
   * Images beside a label.
   *
   * @param heading of the label, in bold; a row that has one stands a little apart from that above
   * @param lines of the label, below the heading
   */
  public record Row(String heading, List<String> lines, LabeledImages images) {}

  static final int MARGIN = 12;
  static final int GAP = 4;
  static final int GROUP_GAP = 14;

  /** Around every image: a white patch at its edge would otherwise merge with the paper. */
  static final Color FRAME = new Color(0xBB, 0xBB, 0xBB);

  /** About how long the longer edge of an image becomes. */
  private static final double EDGE = 96;

  /** The sheet as a PNG file. */
  public byte[] png() {
    var bytes = new ByteArrayOutputStream();
    try (var stream = new MemoryCacheImageOutputStream(bytes)) {
      ImageIO.write(draw(), "png", stream);
    } catch (IOException e) {
      throw new UncheckedIOException("in memory", e);
    }
    return bytes.toByteArray();
  }

  BufferedImage draw() {
    int scale = scale(shape());
    int left = MARGIN + labelWidth();
    int columns = rows.stream().mapToInt(row -> row.images().size()).max().orElseThrow();
    int width = left + columns * (shape().width() * scale + GAP) - GAP + MARGIN;
    int[] tops = tops();
    var sheet = new BufferedImage(width, tops[rows.size()] + MARGIN, BufferedImage.TYPE_INT_RGB);
    Graphics2D canvas = sheet.createGraphics();
    canvas.setColor(Color.WHITE);
    canvas.fillRect(0, 0, sheet.getWidth(), sheet.getHeight());
    for (int i = 0; i < tops.length - 1; i++) {
      Row row = rows.get(i);
      int top = tops[i];
      lettering.ifPresent(
          letters -> letters.write(canvas, row.heading(), row.lines(), MARGIN, top));
      drawTiles(canvas, row.images(), left, top);
    }
    canvas.dispose();
    return sheet;
  }

  /** Whole, so that all pixels are of one size; 3 for images of 32x32. */
  static int scale(ImageShape shape) {
    return Math.max(1, (int) Math.round(EDGE / Math.max(shape.height(), shape.width())));
  }

  private ImageShape shape() {
    return rows.get(0).images().shape();
  }

  private int labelWidth() {
    return lettering
        .map(
            letters ->
                MARGIN
                    + rows.stream()
                        .mapToInt(row -> letters.width(row.heading(), row.lines()))
                        .max()
                        .orElse(0))
        .orElse(0);
  }

  /** Where each row starts, and where the last one ends. */
  private int[] tops() {
    int[] tops = new int[rows.size() + 1];
    int end = MARGIN;
    for (int i = 0; i < rows.size(); i++) {
      int gap = rows.get(i).heading().isEmpty() ? GAP : GROUP_GAP;
      tops[i] = i == 0 ? MARGIN : end + gap;
      end = tops[i] + height(rows.get(i));
    }
    tops[rows.size()] = end;
    return tops;
  }

  private int height(Row row) {
    int label = lettering.map(letters -> letters.height(row.heading(), row.lines())).orElse(0);
    return Math.max(label, shape().height() * scale(shape()));
  }

  private static void drawTiles(Graphics2D canvas, LabeledImages images, int left, int top) {
    canvas.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_NEAREST_NEIGHBOR);
    ImageShape shape = images.shape();
    int width = shape.width() * scale(shape);
    int height = shape.height() * scale(shape);
    for (int i = 0; i < images.size(); i++) {
      int x = left + i * (width + GAP);
      canvas.setColor(FRAME);
      canvas.drawRect(x - 1, top - 1, width + 1, height + 1);
      canvas.drawImage(image(images, i), x, top, width, height, null);
    }
  }

  private static BufferedImage image(LabeledImages images, int index) {
    ImageShape shape = images.shape();
    var image = new BufferedImage(shape.width(), shape.height(), BufferedImage.TYPE_INT_RGB);
    for (int row = 0; row < shape.height(); row++) {
      for (int column = 0; column < shape.width(); column++) {
        int at = index * shape.size() + shape.offset(row, column);
        int rgb = 0;
        for (int c = 0; c < 3; c++) {
          int channel = Math.min(c, shape.channels() - 1); // a single one is gray
          rgb = rgb << 8 | images.pixels()[at + channel] & 0xFF;
        }
        image.setRGB(column, row, rgb);
      }
    }
    return image;
  }
}
