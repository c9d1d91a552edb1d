package io.backdoorgrid.train;

/** Training left the finite numbers; repeating it would end the same way. */
public final class DivergedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /**
   * @param epoch counted from 0, like {@code step} within it
   */
  public DivergedException(int epoch, int step, String what, double value) {
    super(
        "training diverged in epoch %d, step %d: %s is %s"
            .formatted(epoch + 1, step + 1, what, value));
  }
}
