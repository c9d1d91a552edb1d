package io.backdoorgrid.defense.cleanse;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import java.util.Arrays;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * The search for the smallest patch that makes a network see a class in any image. Mask and pattern
 * are {@code (tanh u + 1) / 2} of free numbers u, which begin at 1.
 *
 * @param searchEpochs most passes over the images, at least 1
 * @param searchBatch images per step, at least 1
 * @param searchRate of Adam, whose betas are 0.5 and 0.9; positive
 * @param success share of the images on which a patch must succeed to count, 0 to 1
 * @param weight of the mask's sum at first, positive
 * @param patience epochs of success in a row after which the weight is multiplied, and of failure
 *     after which it is divided by the power 1.5 of the same; at least 1
 * @param multiplier above 1
 * @param stopPatience epochs without a smaller patch after which the search ends, once the weight
 *     has gone both ways; at least 1
 */
public record TriggerSearch(
    int searchEpochs,
    int searchBatch,
    double searchRate,
    double success,
    double weight,
    int patience,
    double multiplier,
    int stopPatience) {

  private static final double FALLING_POWER = 1.5;

  /** A patch must be smaller by this to be a progress. */
  private static final double PROGRESS = 0.99;

  public TriggerSearch {
    require(searchEpochs >= 1, "search-epochs must be at least 1, got %d", searchEpochs);
    require(searchBatch >= 1, "search-batch must be at least 1, got %d", searchBatch);
    requirePositive("search-rate", searchRate);
    requireShare("success", success);
    requirePositive("weight", weight);
    require(patience >= 1, "patience must be at least 1, got %d", patience);
    require(multiplier > 1, "multiplier must be above 1, got %s", multiplier);
    require(stopPatience >= 1, "stop-patience must be at least 1, got %d", stopPatience);
  }

  /** BackdoorBench's setting. */
  public TriggerSearch() {
    this(80, 256, 0.1, 0.98, 1e-3, 5, 2, 25);
  }

  /** How strongly the mask's sum counts, by the success of the last epochs. */
  private final class Weighing {
    private double now = weight;
    private int successes;
    private int failures;
    private boolean raised;
    private boolean lowered;

    void epochDone(boolean succeeded) {
      successes = succeeded ? successes + 1 : 0;
      failures = succeeded ? 0 : failures + 1;
      if (successes >= patience) {
        successes = 0;
        now *= multiplier;
        raised = true;
      } else if (failures >= patience) {
        failures = 0;
        now /= Math.pow(multiplier, FALLING_POWER);
        lowered = true;
      }
    }

    boolean wentBothWays() {
      return raised && lowered;
    }
  }

  /** Free numbers of a mask and a pattern. */
  private record Patch(NDArray mask, NDArray pattern) {

    static Patch of(NDManager owner, ImageShape shape) {
      return new Patch(
          ones(owner, new Shape(1, shape.height(), shape.width(), 1)),
          ones(owner, new Shape(1, shape.height(), shape.width(), shape.channels())));
    }

    private static NDArray ones(NDManager owner, Shape shape) {
      NDArray ones = owner.ones(shape);
      ones.setRequiresGradient(true);
      return ones;
    }

    List<NDArray> arrays() {
      return List.of(mask, pattern);
    }

    /** {@code (1 - m) x + 255 m p} of pixels on the scale 0 to 255. */
    NDArray on(NDArray pixels, NDArray m) {
      NDArray p = Ops.scaled(shown(pixels.getManager(), pattern), 255);
      return pixels.add(m.mul(p.sub(pixels)));
    }

    /** From 0 to 1; belongs to the scope of a step. */
    static NDArray shown(NDManager scope, NDArray numbers) {
      return Ops.stepped(scope.zeros(numbers.getShape()).add(numbers), 1, 0);
    }

    float[] values(NDArray numbers) {
      try (NDManager scope = numbers.getManager().newSubManager()) {
        return shown(scope, numbers).toFloatArray();
      }
    }

    ReversedTrigger trigger(ImageShape shape, double success) {
      return new ReversedTrigger(shape, values(mask), values(pattern), success);
    }
  }

  /** The smallest patch that succeeds, or the last one if none does. */
  ReversedTrigger find(
      Classifier network, LabeledImages images, int target, RandomGenerator random) {
    ImageShape shape = images.shape();
    try (NDManager owner = network.manager().newSubManager()) {
      Patch patch = Patch.of(owner, shape);
      var adam = new Adam(owner, patch.arrays(), 0.5, 0.9);
      var weighing = new Weighing();
      ReversedTrigger best = null;
      double stopAt = Double.POSITIVE_INFINITY;
      int stalled = 0;
      double rate = 0;
      for (int epoch = 0; epoch < searchEpochs; epoch++) {
        rate = epoch(network, images, target, patch, adam, weighing.now, random);
        ReversedTrigger now = patch.trigger(shape, rate);
        if (rate >= success && (best == null || now.size() < best.size())) {
          best = now;
        }
        if (best != null) {
          stalled = best.size() >= PROGRESS * stopAt ? stalled + 1 : 0;
          stopAt = Math.min(stopAt, best.size());
        }
        if (weighing.wentBothWays() && stalled >= stopPatience) {
          break;
        }
        weighing.epochDone(rate >= success);
      }
      return best != null ? best : patch.trigger(shape, rate);
    }
  }

  /** Returns the share of the images on which the patch succeeded on the way. */
  private double epoch(
      Classifier network,
      LabeledImages images,
      int target,
      Patch patch,
      Adam adam,
      double weight,
      RandomGenerator random) {
    int[] order = Seed.permutation(images.size(), random);
    int hits = 0;
    for (int from = 0; from < order.length; from += searchBatch) {
      int to = Math.min(from + searchBatch, order.length);
      LabeledImages batch = images.select(Arrays.copyOfRange(order, from, to));
      try (NDManager scope = network.manager().newSubManager()) {
        NDArray pixels = Pixels.of(scope, batch);
        long[] wanted = new long[batch.size()];
        Arrays.fill(wanted, target);
        NDArray labels = scope.create(wanted);
        NDArray[] logits = new NDArray[1];
        NDArray loss =
            Torch.recording(
                () -> {
                  NDArray m = Patch.shown(scope, patch.mask());
                  logits[0] = network.logits(network.input(patch.on(pixels, m)), false);
                  return Ops.add(
                      Ops.crossEntropy(logits[0], labels, 0), Ops.scaled(m.sum(), weight));
                });
        for (long predicted : Ops.predictions(logits[0]).toLongArray()) {
          hits += predicted == target ? 1 : 0;
        }
        adam.step(loss, searchRate);
      }
    }
    return (double) hits / order.length;
  }
}
