package io.backdoorgrid.defense;

import static io.backdoorgrid.algorithm.Hyperparameters.with;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.defense.cleandata.AdversarialPruning;
import io.backdoorgrid.defense.cleandata.AdversarialUnlearning;
import io.backdoorgrid.defense.cleandata.AttentionDistillation;
import io.backdoorgrid.defense.cleandata.BatchNormPruning;
import io.backdoorgrid.defense.cleandata.Distillation;
import io.backdoorgrid.defense.cleandata.FeatureMapPruning;
import io.backdoorgrid.defense.cleandata.FinePruning;
import io.backdoorgrid.defense.cleandata.FineTuning;
import io.backdoorgrid.defense.cleandata.SharedUnlearning;
import io.backdoorgrid.defense.cleanse.NeuralCleanse;
import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.defense.datafree.Lpp;
import io.backdoorgrid.defense.holder.HolderIteration;
import io.backdoorgrid.defense.holder.HolderPruning;
import io.backdoorgrid.defense.training.AntiBackdoorLearning;
import io.backdoorgrid.defense.training.EntropyPruning;
import io.backdoorgrid.defense.training.UnlearnAndRelearn;
import io.backdoorgrid.defense.wiper.Wiper;
import java.util.Map;

/** The defenses that a grid file may name. */
public final class Defenses {

  public static final Registry<Defense> REGISTRY =
      new Registry<>(Defense::uses, Defense::threatModel)
          .add(new NoDefense())
          .add(new FineTuning(), FineTuning.PRESETS)
          .add(new FinePruning(), FinePruning.PRESETS)
          .add(new AttentionDistillation(), AttentionDistillation.PRESETS)
          .add(new AdversarialPruning(), AdversarialPruning.PRESETS)
          .add(new BatchNormPruning())
          .add(new AdversarialUnlearning(), AdversarialUnlearning.PRESETS)
          .add(new Distillation(), Distillation.PRESETS)
          .add(new FeatureMapPruning())
          .add(new NeuralCleanse(), NeuralCleanse.PRESETS)
          .add(new SharedUnlearning(), SharedUnlearning.PRESETS)
          .add(new Clp(), Clp.PRESETS)
          .add(new Lpp())
          .add(new Wiper(), Wiper.PRESETS)
          // As the WIPER paper's table 2 has them.
          .add("wiper+bs", new Wiper(), Wiper.PRESETS)
          .add("wiper+am", with(new Wiper(), Map.of("importance", "am")), Wiper.PRESETS)
          .add("fp+bs", with(new Wiper(), Map.of("treatment", "prune")), Wiper.PRESETS)
          .add(
              "fp+am",
              with(new Wiper(), Map.of("importance", "am", "treatment", "prune")),
              Wiper.PRESETS)
          .add(new AntiBackdoorLearning(), AntiBackdoorLearning.PRESETS)
          .add(new EntropyPruning())
          .add(new UnlearnAndRelearn(), UnlearnAndRelearn.PRESETS)
          .add(new HolderPruning())
          .add(new HolderIteration());

  private Defenses() {}
}
