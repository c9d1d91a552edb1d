package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.prune.NormalizedUnits;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.DivergedException;
import java.nio.ByteBuffer;
import java.nio.FloatBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * Learns the masks of {@link AdversarialPruning}. Masks and noise are never arrays of a network: a
 * batch-norm gets the product as its gamma, and the chain rule does the rest, {@code dL/dm = gamma
 * * dL/d(gamma m)}.
 */
final class ChannelMasks {

  private final MaskLearning learning;
  private final Classifier victim;

  ChannelMasks(MaskLearning learning, Classifier victim) {
    this.learning = learning;
    this.victim = victim;
  }

  /** One array for each unit, by its name. */
  SafeTensors learn(LabeledImages images, RandomGenerator random) {
    require(images.size() >= 2, "anp needs at least 2 images, got %d", images.size());
    try (Classifier network = victim.copy()) {
      List<ConvUnit> units = NormalizedUnits.of(network, "anp");
      var gammas = new Channels(units.stream().map(u -> u.norm().orElseThrow().gamma()).toList());
      var betas = new Channels(units.stream().map(u -> u.norm().orElseThrow().beta()).toList());
      float[] masks = new float[gammas.size()];
      Arrays.fill(masks, 1);
      float[] momenta = new float[masks.length];
      for (int i = 0; i < learning.iterations(); i++) {
        float[] slopes = slopes(network, images, gammas, betas, masks, random);
        for (int k = 0; k < masks.length; k++) {
          if (!Float.isFinite(slopes[k])) {
            throw new DivergedException(0, i, "a mask's gradient", slopes[k]);
          }
          momenta[k] = (float) (learning.momentum() * momenta[k] + slopes[k]);
          masks[k] =
              (float) Math.max(0, Math.min(1, masks[k] - learning.learningRate() * momenta[k]));
        }
      }
      return byUnit(units, masks);
    }
  }

  private static SafeTensors byUnit(List<ConvUnit> units, float[] masks) {
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    int from = 0;
    for (ConvUnit unit : units) {
      int to = from + unit.channels();
      tensors.put(
          unit.name(),
          new SafeTensors.Tensor(
              new long[] {unit.channels()}, Arrays.copyOfRange(masks, from, to)));
      from = to;
    }
    return new SafeTensors(tensors);
  }

  /** The derivative by the masks on one batch. */
  private float[] slopes(
      Classifier network,
      LabeledImages images,
      Channels gammas,
      Channels betas,
      float[] masks,
      RandomGenerator random) {
    int[] drawn = random.ints(learning.batch(), 0, images.size()).toArray();
    LabeledImages batch = images.select(drawn);
    try (NDManager scope = network.manager().newSubManager()) {
      NDArray input = network.input(scope, ByteBuffer.wrap(batch.pixels()));
      NDArray labels = Pixels.labels(scope, batch);
      float[] noisy = new float[masks.length];
      if (learning.eps() > 0 && learning.alpha() < 1) {
        var noise = new Noise(masks.length, random);
        for (int step = 0; step < learning.steps(); step++) {
          noise.put(gammas, betas, masks);
          noise.climb(
              gradients(network, input, labels, gammas, betas), gammas.values(), betas.values());
        }
        noise.put(gammas, betas, masks);
        noisy = gradients(network, input, labels, gammas);
      }
      gammas.put(masks);
      betas.put(ones(masks.length));
      float[] quiet = gradients(network, input, labels, gammas);
      double alpha = learning.eps() > 0 ? learning.alpha() : 1;
      float[] slopes = new float[masks.length];
      for (int k = 0; k < slopes.length; k++) {
        slopes[k] = (float) ((alpha * quiet[k] + (1 - alpha) * noisy[k]) * gammas.values()[k]);
      }
      return slopes;
    }
  }

  private static float[] ones(int size) {
    float[] ones = new float[size];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Of the cross entropy, one after the other. */
  private static float[] gradients(
      Classifier network, NDArray input, NDArray labels, Channels... variables) {
    NDArray loss = Torch.recording(() -> Ops.crossEntropy(network.logits(input, true), labels, 0));
    var arrays = new ArrayList<NDArray>();
    for (Channels its : variables) {
      arrays.addAll(its.arrays());
    }
    return Channels.flat(Ops.gradients(loss, arrays));
  }

  /** What all batch-norms have for gamma, or for beta. */
  private static final class Channels {
    private final List<NDArray> arrays;
    private final float[] values;

    Channels(List<NDArray> arrays) {
      this.arrays = arrays;
      this.values = flat(arrays);
    }

    static float[] flat(List<NDArray> arrays) {
      float[] flat = new float[arrays.stream().mapToInt(array -> (int) array.size()).sum()];
      int from = 0;
      for (NDArray array : arrays) {
        float[] its = array.toFloatArray();
        System.arraycopy(its, 0, flat, from, its.length);
        from += its.length;
      }
      return flat;
    }

    List<NDArray> arrays() {
      return arrays;
    }

    /** The victim's. */
    float[] values() {
      return values;
    }

    int size() {
      return values.length;
    }

    /** Makes them the victim's times {@code factors}. */
    void put(float[] factors) {
      int from = 0;
      for (NDArray array : arrays) {
        float[] its = new float[(int) array.size()];
        for (int k = 0; k < its.length; k++, from++) {
          its[k] = values[from] * factors[from];
        }
        array.set(FloatBuffer.wrap(its));
      }
    }
  }

  /** What is added to masks, and to the ones that beta is multiplied by. */
  private final class Noise {
    private final float[] ofGammas;
    private final float[] ofBetas;

    Noise(int size, RandomGenerator random) {
      ofGammas = drawn(size, random);
      ofBetas = drawn(size, random);
    }

    private float[] drawn(int size, RandomGenerator random) {
      float[] noise = new float[size];
      for (int k = 0; k < size; k++) {
        noise[k] = (float) ((2 * random.nextDouble() - 1) * learning.eps());
      }
      return noise;
    }

    void put(Channels gammas, Channels betas, float[] masks) {
      float[] factors = new float[masks.length];
      for (int k = 0; k < factors.length; k++) {
        factors[k] = masks[k] + ofGammas[k];
      }
      gammas.put(factors);
      for (int k = 0; k < factors.length; k++) {
        factors[k] = 1 + ofBetas[k];
      }
      betas.put(factors);
    }

    /**
     * A signed step up.
     *
     * @param slopes by gammas and then by betas
     */
    void climb(float[] slopes, float[] gammas, float[] betas) {
      for (int k = 0; k < ofGammas.length; k++) {
        ofGammas[k] = moved(ofGammas[k], slopes[k] * gammas[k]);
        ofBetas[k] = moved(ofBetas[k], slopes[ofGammas.length + k] * betas[k]);
      }
    }

    private float moved(float noise, float slope) {
      double moved = noise + learning.eps() / learning.steps() * Math.signum(slope);
      return (float)
          (learning.clipped() ? Math.max(-learning.eps(), Math.min(learning.eps(), moved)) : moved);
    }
  }
}
