package io.backdoorgrid.defense;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.HashMap;
import java.util.Map;
import java.util.function.Function;
import java.util.random.RandomGenerator;

/** For a data-free defense of one network outside any grid: nothing is stored. */
public final class LoneWeights implements WeightsOnly {

  private final KernelNorms norms;
  private final Seed seed = new Seed("alone");
  private final Map<String, SafeTensors> done = new HashMap<>();
  private final Findings findings = new Findings();

  /**
   * @param victim as it is before any change
   */
  public LoneWeights(Classifier victim) {
    this.norms = new KernelNorms(victim.units());
  }

  @Override
  public KernelNorms norms() {
    return norms;
  }

  @Override
  public RandomGenerator random(String purpose) {
    return seed.stream(purpose);
  }

  @Override
  public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    return done.computeIfAbsent(what, unseen -> work.apply(seed.stream(what)));
  }

  @Override
  public TrainingListener progress(String what) {
    return TrainingListener.NONE;
  }

  @Override
  public Findings findings() {
    return findings;
  }
}
