package io.backdoorgrid.perturb;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Ops;

/**
 * Some pixels of an image, in all channels: those that something replaces.
 *
 * @param shape of the images
 * @param covered per byte of an image, whether it is one of them
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
   * Images that show {@code values} there, differentiable by these; everything else stays as it is,
   * bit by bit.
   *
   * @param input images as {@code classifier} takes them
   * @param values on the scale 0 to 1, of {@link #batchShape}; they should belong to the manager of
   *     {@code input}, as do the arrays made of them
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
