package io.backdoorgrid.model.net;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.torch.BatchNorm2d;
import io.backdoorgrid.torch.Conv2d;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * A convolution as pruning defenses see it: with the batch-norm that normalizes its output
 * directly, if there is one, and the layers that read its channels.
 *
 * <p>The pairs follow from the graph. Guessing them from the order of the parameters fails for
 * pre-activation networks, where a batch-norm normalizes a sum, not the convolution before it.
 *
 * @param name of the convolution, such as {@code layer1.0.conv1}
 * @param norm the batch-norm that reads nothing but this convolution; empty if none does
 * @param consumers names of the layers whose input contains this unit's channels, directly or as
 *     part of a residual sum
 */
public record ConvUnit(
    String name, Conv2d conv, Optional<BatchNorm2d> norm, List<String> consumers) {

  /** How many output channels there are. */
  public int channels() {
    return (int) conv.weight().getShape().get(0);
  }

  /**
   * Shows what this unit reads (n, in, h, w) to {@code observer}, at every pass until the result is
   * closed; see {@link Conv2d#observe}.
   */
  public Conv2d.Watch observe(Consumer<NDArray> observer) {
    return conv.observe(observer);
  }
}
