package io.backdoorgrid.attack.poisoning;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Formerly;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.LabelStrategy;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Corner;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.attack.trigger.Patch;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.Mark;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.RateSchedule;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * TrojanNN (Liu et al., "Trojaning Attack on Neural Networks", NDSS 2018), as the benchmarks have
 * it: an opaque patch whose pixels were optimized on a clean network so that a few neurons of its
 * last hidden layer are driven toward an activation far beyond their usual one, {@code sum_i (a_i -
 * activation)^2}. The neurons are those with the largest weights in the last layer.
 *
 * <p>The patch is optimized on a black image. BackdoorBench passes it to the network unnormalized
 * and chooses the neurons by a last layer of random weights, since its thousand classes fit no
 * checkpoint; here the network sees it normalized, as at test time, and has its own last layer.
 * BackdoorBench also adds the patch to images, which wraps beyond 255; here, as in the paper and in
 * TrojanZoo, the patch replaces their pixels. An activation of 100 is out of reach of networks with
 * batch-norm: the pixels then go as far toward it as they can.
 *
 * <p>The defaults are BackdoorBench's. WIPER has a 3x3 patch at the top left, which its preset
 * makes as TrojanZoo does: {@code optimizer: adam, region: patch, corner: top-left}. The CLP paper
 * prints the size alone; its preset has the corner of its other patches.
 *
 * @param neurons how many are chosen, at least 1; 2 in all benchmarks
 * @param activation that each neuron should reach, positive; 100 in all benchmarks
 * @param iterations largest number of steps, at least 1; 1,000 in all benchmarks
 * @param optimizer how the pixels are optimized
 * @param region what the trigger covers
 * @param patch size and corner where the region is a patch
 * @param labels one target for all, or each class to the next
 * @param target the wanted class if all go to one
 */
@Algorithm("trojan")
public record Trojan(
    int neurons,
    double activation,
    int iterations,
    @Formerly("optimiser") Optimizer optimizer,
    Region region,
    Patch patch,
    LabelStrategy labels,
    int target)
    implements PoisoningAttack {

  /** The length of a sign step, and the largest distance of a pixel from white. */
  private static final float STEP = 0.1f;

  private static final float DARKEST = 1 - 0.3f;

  /** The distance at which sign steps stop. */
  private static final double REACHED = 1e-3;

  /** Of Adam at first. */
  private static final double LEARNING_RATE = 0.1;

  /** How pixels are optimized. */
  public enum Optimizer {
    /**
     * BackdoorBench: from white by 0.1 against the sign of the gradient, within 0.3 of white, until
     * the distance is below 0.001.
     */
    SIGN,
    /**
     * TrojanZoo: from noise by Adam on the {@linkplain Mark tanh parametrisation}, at a rate that
     * falls from 0.1 by half a cosine; the magnitude of an activation counts.
     */
    ADAM
  }

  /** What a trigger covers. */
  public enum Region {
    /** A shape of the size of BackdoorBench's, 117 pixels of 32x32. */
    APPLE,
    PATCH
  }

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench", Map.of(),
          "clp", Map.of("optimizer", "adam", "region", "patch"),
          "hp", Map.of("target", 1),
          "wiper", Map.of("optimizer", "adam", "region", "patch", "corner", "top-left"));

  public Trojan {
    require(neurons >= 1, "neurons must be at least 1, got %d", neurons);
    requirePositive("activation", activation);
    require(iterations >= 1, "iterations must be at least 1, got %d", iterations);
    require(target >= 0, "target must not be negative, got %d", target);
  }

  /** BackdoorBench's setting. */
  public Trojan() {
    this(
        2,
        100,
        1000,
        Optimizer.SIGN,
        Region.APPLE,
        new Patch(3, Corner.BOTTOM_RIGHT),
        LabelStrategy.ALL_TO_ONE,
        0);
  }

  @Override
  public Goal goal() {
    return new Goal(labels, target);
  }

  @Override
  public Trigger readTrigger(ImageShape shape, SafeTensors tensors) {
    return Overlay.of(shape, tensors);
  }

  @Override
  public void check(ImageShape shape, int classes) {
    PoisoningAttack.super.check(shape, classes);
    stencil(shape);
  }

  private Stencil stencil(ImageShape shape) {
    return region == Region.APPLE ? Apple.on(shape) : patch.on(shape);
  }

  @Override
  public boolean usesSurrogate() {
    return true;
  }

  @Override
  public Trigger trigger(Knowledge knowledge, RandomGenerator random) {
    Stencil stencil = stencil(knowledge.images().shape());
    try (Classifier surrogate = knowledge.surrogate();
        Classifier exact = surrogate.copy(Precision.FLOAT32)) {
      return Overlay.showing(stencil, pixels(exact, stencil, random));
    }
  }

  /**
   * The pixels of the trigger, 0 to 1 per byte of an image; meaningless outside the stencil.
   *
   * @param network left as it is
   */
  float[] pixels(Classifier network, Stencil stencil, RandomGenerator random) {
    ChosenNeurons chosen = ChosenNeurons.strongest(network, neurons, activation);
    return switch (optimizer) {
      case SIGN -> signSteps(chosen, stencil);
      case ADAM -> adam(chosen, stencil, random);
    };
  }

  private float[] signSteps(ChosenNeurons chosen, Stencil stencil) {
    Classifier network = chosen.network();
    float[] values = new float[stencil.shape().size()];
    Arrays.fill(values, 1);
    for (int i = 0; i < iterations; i++) {
      try (NDManager scope = network.manager().newSubManager()) {
        NDArray pixels = scope.create(values, stencil.batchShape());
        pixels.setRequiresGradient(true);
        NDArray black = black(network, scope, stencil);
        NDArray distance =
            Torch.recording(() -> chosen.distance(stencil.put(network, black, pixels), false));
        if (distance.getFloat() < REACHED) {
          break;
        }
        float[] gradient = Ops.gradients(distance, List.of(pixels)).get(0).toFloatArray();
        for (int j = 0; j < values.length; j++) {
          float moved = values[j] - STEP * Math.signum(gradient[j]);
          values[j] = Math.max(DARKEST, Math.min(1, moved));
        }
      }
    }
    return values;
  }

  private float[] adam(ChosenNeurons chosen, Stencil stencil, RandomGenerator random) {
    Classifier network = chosen.network();
    try (NDManager manager = network.manager().newSubManager()) {
      var mark = new Mark(manager, stencil, Mark.noise(stencil.shape(), random));
      Adam adam = mark.adam(manager);
      for (int i = 0; i < iterations; i++) {
        try (NDManager scope = manager.newSubManager()) {
          NDArray black = black(network, scope, stencil);
          NDArray distance = Torch.recording(() -> chosen.distance(mark.put(network, black), true));
          adam.step(distance, LEARNING_RATE * RateSchedule.falling((double) i / iterations));
        }
      }
      return mark.values();
    }
  }

  private static NDArray black(Classifier network, NDManager scope, Stencil stencil) {
    return network.input(scope.zeros(stencil.batchShape()));
  }
}
