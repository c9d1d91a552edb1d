package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.nn.Parameter;
import java.util.function.Consumer;

/** A square convolution without bias, padded so that stride 1 keeps height and width. */
public final class Conv2d extends Layer {

  private final Parameter weight;
  private final NDArray stride;
  private Consumer<NDArray> observer; // null while nobody looks

  /** Ends when it is closed. */
  public interface Watch extends AutoCloseable {
    @Override
    void close();
  }

  /**
   * @param size edge of the kernel, odd
   * @param stride 1 or 2
   */
  public Conv2d(int in, int out, int size, int stride) {
    this.weight = add("weight", Parameter.Type.WEIGHT, out, in, size, size);
    this.stride = Ops.stride(stride);
  }

  /** (n, in, h, w) to (n, out, h / stride, w / stride). */
  public NDArray apply(NDArray x) {
    show(x);
    return Ops.call("conv", x, weight(), stride());
  }

  /**
   * Shows what this convolution reads (n, in, h, w), in the precision of the pass, to {@code
   * observer}, before it computes anything of it and until the result is closed.
   *
   * <p>The observer may compute with this layer itself, which is not shown again. The array belongs
   * to the pass: it must be neither changed nor kept.
   *
   * @throws IllegalStateException if someone observes this convolution already
   */
  public Watch observe(Consumer<NDArray> observer) {
    if (this.observer != null) {
      throw new IllegalStateException("this convolution is observed already");
    }
    this.observer = observer;
    return () -> this.observer = null;
  }

  /** To be called by whoever convolves with these kernels, before that. */
  void show(NDArray x) {
    Consumer<NDArray> shown = observer;
    if (shown == null) {
      return;
    }
    observer = null; // lest it be shown what it computes with this layer
    try {
      shown.accept(x);
    } finally {
      observer = shown;
    }
  }

  /** The kernels, (out, in, size, size). */
  public NDArray weight() {
    return weight.getArray();
  }

  NDArray stride() {
    return stride;
  }
}
