package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvUnit;
import io.backdoorgrid.prune.ChannelEdits;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Adversarial feature-map pruning (FMP; Huang and Bu, "Adversarial Feature Map Pruning for
 * Backdoor", ICLR 2024): images are changed so that one feature map of a convolution changes most;
 * where that costs the network most accuracy, the map is the backdoor's.
 *
 * <p>For each map, {@code x' = x + start * sign(noise)} takes one signed step of eps up the mean
 * square of the map's change, clipped to [0, 1], and the network classifies x'. Of each convolution
 * of K maps, the {@code floor(K / share)} with the lowest accuracy are pruned: kernels and the
 * batch-norm's gamma become 0, beta stays. Then the rest is fine-tuned.
 *
 * <p>The authors' code does this on one batch of 32 images, where accuracies tie; of equal ones, we
 * take the map with the higher loss. Its settings file is not published: eps and start are ours.
 *
 * @param share one of so many maps is pruned per convolution, at least 1; 64 in the paper
 * @param images of the clean ones that are changed, at least 1
 * @param eps of the step on the scale 0 to 1, not negative
 * @param start of the noise on that scale, not negative
 * @param sgd how the rest is fine-tuned
 * @param augmentation how the clean images are varied then
 */
@Algorithm("fmp")
public record FeatureMapPruning(
    int share, int images, double eps, double start, PlainSgd sgd, Augmentation augmentation)
    implements CleanDataDefense {

  private static final String ACCURACY = ".accuracy";
  private static final String LOSS = ".loss";

  public FeatureMapPruning {
    require(share >= 1, "share must be at least 1, got %d", share);
    require(images >= 1, "images must be at least 1, got %d", images);
    require(eps >= 0 && start >= 0, "eps and start must not be negative");
    requirePositive("learning-rate", sgd.learningRate());
  }

  /** The authors', as far as they are known. */
  public FeatureMapPruning() {
    this(
        64,
        32,
        1 / 255.0,
        1 / 255.0,
        new PlainSgd(100, 256, 0.01, 0.9, 5e-4),
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sgd.epochs() * sizes.clean();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    SafeTensors measured =
        data.once(
            "maps on %d images, %s, %s".formatted(images, eps, start),
            random -> measure(victim, data.images(), random));
    var masks = new LinkedHashMap<ConvUnit, float[]>();
    var edits = new ChannelEdits();
    for (ConvUnit unit : victim.units()) {
      float[] accuracies = measured.tensors().get(unit.name() + ACCURACY).values();
      float[] losses = measured.tensors().get(unit.name() + LOSS).values();
      boolean[] pruned = new boolean[accuracies.length];
      float[] mask = new float[pruned.length];
      Arrays.fill(mask, 1);
      for (int k : worst(accuracies, losses, pruned.length / share)) {
        pruned[k] = true;
        mask[k] = 0;
        data.findings().add(new Findings.Channel(unit.name(), k, accuracies[k], losses[k]));
      }
      edits.zeroKernels(unit, pruned);
      unit.norm().ifPresent(norm -> edits.zeroGamma(norm, pruned));
      masks.put(unit, mask);
    }
    edits.apply();
    data.findings().count("pruned-channels", data.findings().channels().size());
    tune(victim, data, masks);
  }

  /**
   * The maps with the lowest accuracy; of equal ones that with the highest loss, then the first.
   */
  static int[] worst(float[] accuracies, float[] losses, int count) {
    return IntStream.range(0, accuracies.length)
        .boxed()
        .sorted(
            Comparator.<Integer>comparingDouble(k -> accuracies[k])
                .thenComparingDouble(k -> -losses[k]))
        .limit(count)
        .mapToInt(k -> k)
        .toArray();
  }

  private SafeTensors measure(Classifier victim, LabeledImages clean, RandomGenerator random) {
    int[] order = Seed.permutation(clean.size(), random);
    LabeledImages some = clean.select(Arrays.copyOf(order, Math.min(images, order.length)));
    var probe = new FeatureMapProbe(victim, some, 255 * eps, 255 * start);
    var tensors = new LinkedHashMap<String, SafeTensors.Tensor>();
    for (ConvUnit unit : victim.units()) {
      float[] accuracies = new float[unit.channels()];
      float[] losses = new float[accuracies.length];
      probe.measure(unit, accuracies, losses, random);
      long[] shape = {accuracies.length};
      tensors.put(unit.name() + ACCURACY, new SafeTensors.Tensor(shape, accuracies));
      tensors.put(unit.name() + LOSS, new SafeTensors.Tensor(shape, losses));
    }
    return new SafeTensors(tensors);
  }

  private void tune(Classifier victim, CleanData data, Map<ConvUnit, float[]> masks) {
    try (NDManager manager = victim.manager().newSubManager()) {
      List<Runnable> pruning = new ArrayList<>();
      masks.forEach(
          (unit, mask) -> {
            NDArray rows = manager.create(mask, new Shape(mask.length, 1, 1, 1));
            NDArray channels = manager.create(mask);
            pruning.add(
                () -> {
                  unit.conv().weight().muli(rows);
                  unit.norm().ifPresent(norm -> norm.gamma().muli(channels));
                });
          });
      PrunedTuning.run(
          victim,
          data,
          sgd.recipe(RateSchedule.COSINE, augmentation),
          () -> pruning.forEach(Runnable::run));
    }
  }
}
