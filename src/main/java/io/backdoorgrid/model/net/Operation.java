package io.backdoorgrid.model.net;

import java.util.List;

/**
 * A layer in its place in a {@link Graph}.
 *
 * @param name in full, such as {@code layer2.0.conv1}
 * @param inputs the values it reads: one, or the two that a residual adds, main path first
 * @param output the value it computes
 */
record Operation(String name, LayerSpec layer, List<Integer> inputs, int output) {

  /** The first or only input. */
  int input() {
    return inputs.get(0);
  }
}
