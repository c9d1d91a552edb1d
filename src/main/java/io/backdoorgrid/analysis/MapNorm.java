package io.backdoorgrid.analysis;

import ai.djl.ndarray.NDArray;

/** The size of a map's change. */
public enum MapNorm {
  /** The root of the squares' sum, as in the paper. */
  L2,
  /** The sum of the sizes, as in BackdoorBench. */
  L1_SUM;

  private static final int[] POSITIONS = {2, 3};

  /** The norms (n, channels) of maps (n, channels, h, w). */
  NDArray of(NDArray maps) {
    return switch (this) {
      case L2 -> maps.square().sum(POSITIONS).sqrt();
      case L1_SUM -> maps.abs().sum(POSITIONS);
    };
  }
}
