package io.backdoorgrid.defense;

import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * A victim with one convolution of given kernels, an identity batch-norm (gamma 1, beta 0, mean 0,
 * variance 1) and a linear layer, all of which can be replaced.
 */
public final class OneLayer {

  private final int in;
  private final int size;
  private final int channels;
  private final Map<String, Tensor> tensors = new LinkedHashMap<>();
  private boolean normalised = true;
  private int classes = 2;

  private OneLayer(int in, int size, float[] kernels) {
    this.in = in;
    this.size = size;
    this.channels = kernels.length / (in * size * size);
    tensors.put("conv.weight", new Tensor(new long[] {channels, in, size, size}, kernels));
    gamma(filled(1));
    beta(filled(0));
    mean(filled(0));
    var(filled(1));
    float[] increasing = new float[2 * channels];
    for (int i = 0; i < increasing.length; i++) {
      increasing[i] = 0.01f * (i + 1);
    }
    head(2, increasing);
  }

  /** 1x1 kernels on one channel: a kernel's only weight is its spectral and its Euclidean norm. */
  public static OneLayer of(double... kernels) {
    float[] values = new float[kernels.length];
    for (int i = 0; i < values.length; i++) {
      values[i] = (float) kernels[i];
    }
    return new OneLayer(1, 1, values);
  }

  /** Kernels of any shape, one after the other. */
  public static OneLayer ofKernels(int in, int size, float... kernels) {
    return new OneLayer(in, size, kernels);
  }

  public OneLayer gamma(float... values) {
    return norm("weight", values);
  }

  public OneLayer beta(float... values) {
    return norm("bias", values);
  }

  public OneLayer mean(float... values) {
    return norm("running_mean", values);
  }

  public OneLayer var(float... values) {
    return norm("running_var", values);
  }

  private OneLayer norm(String name, float[] values) {
    tensors.put("norm." + name, new Tensor(new long[] {channels}, values));
    return this;
  }

  /** The linear layer, a row per class; its biases are zero. */
  public OneLayer head(int rows, float... weights) {
    classes = rows;
    tensors.put("linear.weight", new Tensor(new long[] {rows, channels}, weights));
    tensors.put("linear.bias", new Tensor(new long[] {rows}, new float[rows]));
    return this;
  }

  public OneLayer withoutBatchNorm() {
    normalised = false;
    tensors.keySet().removeIf(name -> name.startsWith("norm."));
    return this;
  }

  public Classifier build() {
    return Classifier.load(
        Classifiers.design(
            new TinyNet(channels, size, normalised),
            new ImageShape(4, 4, in),
            classes,
            Precision.FLOAT32),
        new SafeTensors(new LinkedHashMap<>(tensors)));
  }

  /** Everything in the victim by name. */
  public Map<String, float[]> values() {
    try (Classifier victim = build()) {
      return Classifiers.values(victim);
    }
  }

  /** Everything in the repaired copy by name; asserts that the victim itself was left alone. */
  public Map<String, float[]> repairedBy(DataFreeDefense defense) {
    try (Classifier victim = build()) {
      Map<String, float[]> before = Classifiers.values(victim);
      try (Classifier repaired = Repaired.by(defense, victim)) {
        Invariants.assertEqual(Classifiers.values(victim), before);
        return Classifiers.values(repaired);
      }
    }
  }

  private float[] filled(float value) {
    float[] values = new float[channels];
    Arrays.fill(values, value);
    return values;
  }
}
