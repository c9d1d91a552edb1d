package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.pytorch.engine.PtNDManager;
import ai.djl.pytorch.jni.IValue;
import java.util.List;

/** Norms of every output channel's kernel. */
public final class ChannelNorms {

  private ChannelNorms() {}

  /**
   * The spectral norms, the largest singular values of the (in, height * width) matrices B; NaN
   * where a weight is not finite or its square overflows.
   *
   * <p>B has few columns, so the norm is the root of the largest eigenvalue of {@code B^T B}. That
   * product is float32, which leaves a relative error of about 1e-7 in a norm.
   *
   * @param kernels (out, in, height, width)
   */
  public static double[] spectral(NDArray kernels) {
    try (NDArray norms = Ops.call("spectral_norms", kernels)) {
      return norms.toDoubleArray();
    }
  }

  /**
   * The Euclidean norms of the weights.
   *
   * @param kernels (out, in, height, width) of several layers
   * @return one layer after another
   */
  public static float[] euclidean(List<NDArray> kernels) {
    try (IValue list = Ops.listOf(kernels);
        IValue result = Ops.run("euclidean_norms", list);
        NDArray norms = result.toTensor((PtNDManager) kernels.get(0).getManager())) {
      return norms.toFloatArray();
    }
  }
}
