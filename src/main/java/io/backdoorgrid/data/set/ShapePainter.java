package io.backdoorgrid.data.set;

import io.backdoorgrid.data.ImageShape;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.GradientPaint;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.Shape;
import java.awt.geom.AffineTransform;
import java.awt.geom.Arc2D;
import java.awt.geom.Area;
import java.awt.geom.Ellipse2D;
import java.awt.geom.Line2D;
import java.awt.geom.Path2D;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.util.random.RandomGenerator;

/** Paints one shape on a cluttered background. */
final class ShapePainter {

  static final ImageShape SHAPE = new ImageShape(32, 32, 3);

  private static final double NOISE = 8;
  private static final int CLUTTER = 2;
  private static final double MIN_RADIUS = 8;
  private static final double MAX_RADIUS = 12;
  private static final int DARKEST = 10;
  private static final int LIGHTEST_DARK = 110;
  private static final int GAP = 30;
  private static final int LIGHTEST = 240;
  private static final double MAX_ROTATION = Math.PI / 6;

  private final BufferedImage image =
      new BufferedImage(SHAPE.width(), SHAPE.height(), BufferedImage.TYPE_INT_RGB);

  /** Paints a shape of that class into {@code pixels}. */
  void paint(int label, RandomGenerator random, byte[] pixels, int offset) {
    Graphics2D canvas = image.createGraphics();
    canvas.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    boolean lightShape = random.nextBoolean();
    paintBackground(canvas, !lightShape, random);

    double radius = between(MIN_RADIUS, MAX_RADIUS, random);
    var placement =
        AffineTransform.getTranslateInstance(
            between(radius, SHAPE.width() - radius, random),
            between(radius, SHAPE.height() - radius, random));
    placement.rotate(between(-MAX_ROTATION, MAX_ROTATION, random));
    placement.scale(radius, radius);
    canvas.setColor(color(lightShape, random));
    canvas.fill(placement.createTransformedShape(outline(label)));
    canvas.dispose();
    copy(random, pixels, offset);
  }

  private static void paintBackground(Graphics2D canvas, boolean light, RandomGenerator random) {
    Color first = color(light, random);
    Color second = color(light, random);
    int end = random.nextInt(SHAPE.width());
    canvas.setPaint(new GradientPaint(0, SHAPE.height() - end, first, SHAPE.width(), end, second));
    canvas.fillRect(0, 0, SHAPE.width(), SHAPE.height());
    for (int i = 0; i < CLUTTER; i++) {
      canvas.setColor(blend(first, color(!light, random), 0.5));
      canvas.setStroke(new BasicStroke((float) between(0.5, 1.5, random)));
      canvas.draw(
          new Line2D.Double(
              coordinate(random), coordinate(random), coordinate(random), coordinate(random)));
    }
  }

  /** The shape of a class, within the unit circle. */
  private static Shape outline(int label) {
    return switch (label) {
      case 0 -> circle(1);
      case 1 -> without(circle(1), circle(0.6));
      case 2 -> square(0.8);
      case 3 -> without(square(0.8), square(0.45));
      case 4 -> polygon(3, 1, 1);
      case 5 -> polygon(5, 1, 0.4);
      case 6 -> union(bar(1, 0.3), bar(0.3, 1));
      case 7 -> new Arc2D.Double(-1, -1, 2, 2, 0, 180, Arc2D.PIE);
      case 8 -> without(circle(1), new Area(new Ellipse2D.Double(-0.4, -0.9, 1.8, 1.8)));
      case 9 -> bar(1, 0.35);
      default -> throw new IllegalArgumentException("no shape for class " + label);
    };
  }

  private static Area circle(double radius) {
    return new Area(new Ellipse2D.Double(-radius, -radius, 2 * radius, 2 * radius));
  }

  private static Area square(double half) {
    return bar(half, half);
  }

  private static Area bar(double halfWidth, double halfHeight) {
    return new Area(new Rectangle2D.Double(-halfWidth, -halfHeight, 2 * halfWidth, 2 * halfHeight));
  }

  private static Area without(Area shape, Area hole) {
    shape.subtract(hole);
    return shape;
  }

  private static Area union(Area shape, Area other) {
    shape.add(other);
    return shape;
  }

  /** A polygon whose corners alternate between two radii; a star where they differ. */
  private static Shape polygon(int tips, double outer, double inner) {
    int corners = outer == inner ? tips : 2 * tips;
    var path = new Path2D.Double();
    for (int i = 0; i < corners; i++) {
      double radius = outer == inner || i % 2 == 0 ? outer : inner;
      double angle = 2 * Math.PI * i / corners;
      if (i == 0) {
        path.moveTo(radius, 0);
      } else {
        path.lineTo(radius * StrictMath.cos(angle), radius * StrictMath.sin(angle));
      }
    }
    path.closePath();
    return path;
  }

  private void copy(RandomGenerator random, byte[] pixels, int offset) {
    int at = offset;
    for (int row = 0; row < SHAPE.height(); row++) {
      for (int column = 0; column < SHAPE.width(); column++) {
        int rgb = image.getRGB(column, row);
        for (int shift = 16; shift >= 0; shift -= 8) {
          double noisy = ((rgb >> shift) & 0xFF) + NOISE * (random.nextDouble() * 2 - 1);
          pixels[at++] = (byte) Math.max(0, Math.min(255, Math.round(noisy)));
        }
      }
    }
  }

  /** Light on dark or dark on light, each channel on its own: no color is tied to a class. */
  private static Color color(boolean light, RandomGenerator random) {
    int lowest = light ? LIGHTEST_DARK + GAP : DARKEST;
    int highest = light ? LIGHTEST : LIGHTEST_DARK;
    return new Color(
        random.nextInt(lowest, highest),
        random.nextInt(lowest, highest),
        random.nextInt(lowest, highest));
  }

  private static Color blend(Color a, Color b, double share) {
    return new Color(
        mix(a.getRed(), b.getRed(), share),
        mix(a.getGreen(), b.getGreen(), share),
        mix(a.getBlue(), b.getBlue(), share));
  }

  private static int mix(int a, int b, double share) {
    return (int) Math.round(a + (b - a) * share);
  }

  private static double coordinate(RandomGenerator random) {
    return random.nextDouble() * SHAPE.width();
  }

  private static double between(double low, double high, RandomGenerator random) {
    return low + (high - low) * random.nextDouble();
  }
}
