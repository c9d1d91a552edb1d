package io.backdoorgrid.attack.trigger;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;

/**
 * The pixels that a trigger replaces, in all channels.
 *
 * @param shape of the images
 * @param covered per byte of an image, whether it is replaced
 */
public record Stencil(ImageShape shape, boolean[] covered) {

  /** Which pixels. */
  public interface Cover {
    boolean covers(int row, int column);
  }

  public static Stencil of(ImageShape shape, Cover pixels) {
    boolean[] covered = new boolean[shape.size()];
    for (int i = 0; i < covered.length; i++) {
      int pixel = i / shape.channels();
      covered[i] = pixels.covers(pixel / shape.width(), pixel % shape.width());
    }
    return new Stencil(shape, covered);
  }

  /**
   * The trigger that shows {@code values} there, each as the nearest byte.
   *
   * @param values per byte of an image, 0 to 1; others than those covered do not matter
   */
  public Overlay overlay(float[] values) {
    float[] opacity = new float[covered.length];
    float[] pattern = new float[covered.length];
    for (int i = 0; i < covered.length; i++) {
      if (covered[i]) {
        opacity[i] = 1;
        pattern[i] = Math.round(255 * values[i]);
      }
    }
    return new Overlay(shape, opacity, pattern);
  }

  /**
   * Images that show {@code values} there, differentiable by these; all else of them stays as it
   * is, bit by bit.
   *
   * @param input images as {@code classifier} takes them
   * @param values as in {@link #overlay}, of {@link #batchShape}; they should belong to the manager
   *     of {@code input}, as do the arrays made of them
   */
  public NDArray put(Classifier classifier, NDArray input, NDArray values) {
    NDArray mask = input.getManager().create(covered, batchShape()).transpose(0, 3, 1, 2);
    return Ops.replace(input, mask, classifier.input(Ops.scaled(values, 255)));
  }

  /** Of an array that holds one image. */
  public Shape batchShape() {
    return new Shape(1, shape.height(), shape.width(), shape.channels());
  }
}
