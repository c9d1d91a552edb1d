package io.backdoorgrid.attack;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * No backdoor: a clean model, which shows what a defense costs where there is nothing to repair.
 */
@Algorithm(NoAttack.NAME)
public record NoAttack() implements Attack {

  /** As grid files have it. */
  public static final String NAME = "none";

  @Override
  public String threatModel() {
    return "does nothing";
  }

  @Override
  public Optional<Backdoor> plant(Classifier victim, VictimTraining training) {
    training.train(victim, training.knowledge().images());
    return Optional.empty();
  }

  @Override
  public Optional<Backdoor> readBackdoor(ImageShape shape, Supplier<SafeTensors> trigger) {
    return Optional.empty();
  }

  @Override
  public Optional<Backdoor> rehearse(VictimTraining training, Supplier<Classifier> fresh) {
    return Optional.empty();
  }

  @Override
  public boolean needsNoTraining() {
    return true;
  }
}
