package io.backdoorgrid.defense.holder;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.index.NDIndex;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import java.util.random.RandomGenerator;

/**
 * Hölder constants of the neurons of a fully connected layer, the sensitivity by which Hölder
 * Pruning ranks them ("Hölder Pruning: Localized Pruning for Backdoor Removal in Deep Neural
 * Networks", sections 3.1, A.2 and A.3).
 *
 * <p>For neuron i with output {@code f_i(z) = relu(w_i z + b_i)} and samples {@code z_j}, whose
 * features are scaled to [0, 1],
 *
 * <pre>C_i = max_j |f_i(z_j) - f_i(z'_ij)| / ||z_j - z'_ij||^alpha</pre>
 *
 * <p>where FGSM-Neuron finds {@code z'_ij} in one step: at {@code z_j} plus noise it takes the
 * gradient of {@code (f_i(z_j) - f_i(z'))^2}, goes from {@code z_j} by eps along its sign, and
 * clamps to [0, 1]. That gradient is a multiple of {@code w_i}, so there are only two possible
 * steps, to {@code z_j + eps sign(w_i)} and to {@code z_j - eps sign(w_i)}; noise only decides
 * which of them is taken. {@link SignSteps} has both for all neurons and samples from five matrix
 * products, instead of a gradient per neuron and sample. A sample that does not move counts 0.
 *
 * <p>Away from the edges, an active neuron has {@code C_i = eps^(1-alpha) ||w_i||_1 / d^(alpha/2)}:
 * the ranking is close to one by the sum of absolute weights.
 *
 * <p>The paper leaves most of the components open; {@link #HolderConstants() defaults} are the
 * readings under which its text and its proof make sense.
 *
 * @param eps size of the step, positive; the paper sweeps 0.05 to 0.2
 * @param alpha Hölder's exponent, above 0 and at most 1, where the constant is Lipschitz's
 * @param output what counts as the output of a neuron
 * @param direction how the sign of the step is found
 * @param noise distribution of the noise, of size eps
 * @param freshNoise whether noise is drawn anew for each neuron, not once per sample for all of
 *     them
 * @param norm how long a step is
 * @param over the maximum over the samples, or the mean, which section A.10 finds to perform poorly
 */
public record HolderConstants(
    double eps,
    double alpha,
    Output output,
    Direction direction,
    Noise noise,
    boolean freshNoise,
    Norm norm,
    Over over) {

  /** The output of a neuron. */
  public enum Output {
    /** Its activation, behind the ReLU. */
    RELU,
    /** The pre-activation, before the ReLU. */
    PRE_ACTIVATION
  }

  /** Which of the two steps a sample takes. */
  public enum Direction {
    /** Along the gradient at the noisy sample: FGSM with a random start. */
    AT_NOISE,
    /** Along the gradient at the sample, with the noisy one held fixed: away from the noise. */
    AT_SAMPLE,
    /**
     * Along the gradient at the sample, on which the noisy one depends. That is how line 4 of the
     * paper's algorithm reads, but the gradient vanishes unless noise switches the neuron on or
     * off.
     */
    AS_PRINTED,
    /** Both, and the larger quotient counts: an upper bound that needs no noise. */
    BOTH
  }

  /** The distribution of each feature's noise. */
  public enum Noise {
    /** Uniform from -eps to eps. */
    UNIFORM(1 / Math.sqrt(3)),
    /** Normal with the deviation eps. */
    NORMAL(1);

    private final double deviation;

    Noise(double deviation) {
      this.deviation = deviation;
    }

    private float draw(RandomGenerator random) {
      return this == UNIFORM ? 2 * random.nextFloat() - 1 : (float) random.nextGaussian();
    }
  }

  /** The norm of a step. */
  public enum Norm {
    /** Euclidean. */
    L2,
    /** The largest change of a feature. */
    L_INF,
    /** Always eps, as the paper's proof has it. */
    EPS
  }

  /** How the samples are combined. */
  public enum Over {
    MAXIMUM,
    MEAN
  }

  /** Samples at a time: enough for fast products, few enough that results stay in the cache. */
  private static final int CHUNK = 512;

  public HolderConstants {
    requirePositive("eps", eps);
    require(alpha > 0 && alpha <= 1, "alpha must be above 0 and at most 1, got %s", alpha);
  }

  /** Exponent 0.5 as in the paper, which prints no eps: 0.1 lies amid its sweep. */
  public HolderConstants() {
    this(0.1, 0.5, Output.RELU, Direction.AT_NOISE, Noise.UNIFORM, false, Norm.L2, Over.MAXIMUM);
  }

  /**
   * The constant of each neuron.
   *
   * @param features (samples, d) from 0 to 1, float32
   * @param weights (neurons, d)
   * @param biases (neurons)
   * @param random noise is drawn from it sample by sample, and within it feature by feature, or
   *     neuron by neuron if it is fresh
   */
  double[] of(NDArray features, NDArray weights, NDArray biases, RandomGenerator random) {
    int samples = (int) features.getShape().get(0);
    double[] constants = new double[(int) weights.getShape().get(0)];
    try (NDManager manager = features.getManager().newSubManager()) {
      // Detached: parameters would have every product below recorded.
      NDArray columns = weights.stopGradient().transpose();
      NDArray shifts = biases.stopGradient();
      manager.attachAll(columns, shifts);
      for (int from = 0; from < samples; from += CHUNK) {
        try (NDManager scope = manager.newSubManager()) {
          NDArray chunk = features.get(new NDIndex("{}:{}", from, Math.min(from + CHUNK, samples)));
          chunk.attach(scope);
          merge(constants, quotients(chunk, columns, shifts, random), samples);
        }
      }
    }
    return constants;
  }

  private void merge(double[] constants, NDArray quotients, int samples) {
    int[] rows = {0};
    boolean mean = over == Over.MEAN;
    float[] values = (mean ? quotients.sum(rows) : quotients.max(rows)).toFloatArray();
    for (int i = 0; i < constants.length; i++) {
      constants[i] =
          mean ? constants[i] + (double) values[i] / samples : Math.max(constants[i], values[i]);
    }
  }

  /** (samples, neurons). */
  private NDArray quotients(
      NDArray samples, NDArray columns, NDArray biases, RandomGenerator random) {
    var steps = new SignSteps(samples, columns, eps, norm);
    NDArray before = samples.matMul(columns).addi(biases);
    if (direction == Direction.BOTH) {
      NDArray up = samples.getManager().create(new float[] {1});
      return quotients(steps, before, up).maximum(quotients(steps, before, up.neg()));
    }
    return quotients(steps, before, signs(before, disturbance(samples, columns, random)));
  }

  private NDArray quotients(SignSteps steps, NDArray before, NDArray signs) {
    NDArray change = steps.changes(signs);
    if (output == Output.RELU) {
      // relu(before + change) - relu(before), without the difference of two large numbers
      change = change.addi(before.minimum(0)).maximum(before.maximum(0).negi());
    }
    NDArray lengths = steps.lengths(signs);
    NDArray moved = lengths.gt(0).mul(signs.abs());
    return change.abs().muli(moved).divi(lengths.maximum(Float.MIN_NORMAL).pow(alpha));
  }

  /** 1, -1 or, where the gradient vanishes, 0: the direction of each step in terms of weights. */
  private NDArray signs(NDArray before, NDArray disturbance) {
    NDArray disturbed = before.add(disturbance);
    return switch (direction) {
      case AT_NOISE -> disturbance.signi().muli(slopes(disturbed));
      case AT_SAMPLE -> disturbance.signi().negi().muli(slopes(before));
      case AS_PRINTED -> slopes(before).sub(slopes(disturbed)).abs();
      case BOTH -> throw new IllegalStateException("both directions need no sign");
    };
  }

  /** The derivative of the outputs. */
  private NDArray slopes(NDArray preActivations) {
    return output == Output.RELU
        ? preActivations.gt(0).toType(DataType.FLOAT32, false)
        : preActivations.onesLike();
  }

  /** By how much noise changes each pre-activation. */
  private NDArray disturbance(NDArray samples, NDArray columns, RandomGenerator random) {
    NDManager manager = samples.getManager();
    if (!freshNoise) {
      return draw(manager, samples.getShape(), noise, random).muli(eps).matMul(columns);
    }
    // Only the product of noise and weights counts: a normal number for normal noise, and for the
    // sum of hundreds of uniform ones nearly so.
    NDArray squares = columns.square();
    squares.attach(manager);
    NDArray deviations = squares.sum(new int[] {0}).sqrt().muli(eps * noise.deviation);
    var shape = new Shape(samples.getShape().get(0), columns.getShape().get(1));
    return draw(manager, shape, Noise.NORMAL, random).muli(deviations);
  }

  private static NDArray draw(NDManager manager, Shape shape, Noise noise, RandomGenerator random) {
    float[] values = new float[(int) shape.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = noise.draw(random);
    }
    return manager.create(values, shape);
  }
}
