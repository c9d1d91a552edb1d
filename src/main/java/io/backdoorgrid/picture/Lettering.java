package io.backdoorgrid.picture;

import java.awt.Color;
import java.awt.Font;
import java.awt.FontMetrics;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.image.BufferedImage;
import java.util.List;
import java.util.Optional;

/** Labels in the JDK's sans-serif font: a heading in bold and lines below it. */
public final class Lettering {

  private static final int SIZE = 13;
  private static final Color INK = new Color(0x33, 0x33, 0x33);

  private final FontMetrics bold = metrics(Font.BOLD);
  private final FontMetrics plain = metrics(Font.PLAIN);

  private Lettering() {}

  /** Empty where the JDK finds no font, or not the library that draws them. */
  public static Optional<Lettering> find() {
    try {
      return Optional.of(new Lettering());
    } catch (Error e) {
      // How the JDK says so depends on what is missing: fonts, their configuration or a library.
      if (e.getClass() == Error.class || e instanceof InternalError || e instanceof LinkageError) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static FontMetrics metrics(int style) {
    Graphics2D canvas = new BufferedImage(1, 1, BufferedImage.TYPE_INT_RGB).createGraphics();
    try {
      smooth(canvas);
      return canvas.getFontMetrics(new Font(Font.SANS_SERIF, style, SIZE));
    } finally {
      canvas.dispose();
    }
  }

  int width(String heading, List<String> lines) {
    int widest = lines.stream().mapToInt(plain::stringWidth).max().orElse(0);
    return Math.max(bold.stringWidth(heading), widest);
  }

  int height(String heading, List<String> lines) {
    return (heading.isEmpty() ? 0 : bold.getHeight()) + lines.size() * plain.getHeight();
  }

  /** Writes to the right of and below that point. */
  void write(Graphics2D canvas, String heading, List<String> lines, int x, int y) {
    smooth(canvas);
    canvas.setColor(INK);
    int top = y;
    if (!heading.isEmpty()) {
      write(canvas, bold, heading, x, top);
      top += bold.getHeight();
    }
    for (String line : lines) {
      write(canvas, plain, line, x, top);
      top += plain.getHeight();
    }
  }

  private static void write(Graphics2D canvas, FontMetrics metrics, String text, int x, int top) {
    canvas.setFont(metrics.getFont());
    canvas.drawString(text, x, top + metrics.getAscent());
  }

  private static void smooth(Graphics2D canvas) {
    canvas.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
  }
}
