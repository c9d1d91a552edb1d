package io.backdoorgrid.run;

import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.data.DataSet;
import io.backdoorgrid.data.DataSets;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.NoDefense;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.extractor.SelfSupervised;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.store.Row;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Recipes;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.Set;

/**
 * Estimates how long victims and trials take, from the multiplications they need and the rate that
 * finished rows show.
 */
public final class CostModel {

  /** What it looks at in rows. */
  static final Set<String> COLUMNS = Set.of(Row.VICTIM, Row.TRAIN_SECONDS, Row.TRAIN_THREADS);

  /** Billions of multiplications per second and thread where nothing was measured yet. */
  private static final double ASSUMED_RATE = 50;

  /** A training step is a forward pass and two as dear backward. */
  private static final double TRAINING_PASSES = 3;

  /** Nearly all test images are classified twice: clean and triggered. */
  private static final double TEST_PASSES = 1.9;

  private final double rate;
  private final boolean learned;

  private CostModel(double rate, boolean learned) {
    this.rate = rate;
    this.learned = learned;
  }

  /**
   * A model that has learned the rate of this machine.
   *
   * @param trials of the plan
   * @param rows those of its trials that are finished
   */
  public static CostModel of(List<Trial> trials, Map<String, Row> rows) {
    var assumed = new CostModel(ASSUMED_RATE, false);
    var rates = new HashMap<String, Double>();
    for (Trial trial : trials) {
      Row row = rows.get(trial.id().toString());
      if (row != null) {
        assumed
            .observedRate(trial.victim(), row)
            .ifPresent(r -> rates.put(row.text(Row.VICTIM), r));
      }
    }
    if (rates.isEmpty()) {
      return assumed;
    }
    double[] sorted = rates.values().stream().mapToDouble(r -> r).sorted().toArray();
    return new CostModel(sorted[sorted.length / 2], true);
  }

  private OptionalDouble observedRate(Victim victim, Row row) {
    double seconds = row.number(Row.TRAIN_SECONDS).orElse(0);
    double threads = row.number(Row.TRAIN_THREADS).orElse(1);
    return seconds <= 0
        ? OptionalDouble.empty()
        : OptionalDouble.of(training(victim) / (seconds * threads));
  }

  /**
   * What the victim's training took, as a multiple of the estimate.
   *
   * @param row of any of its trials
   */
  public OptionalDouble correction(Victim victim, Row row) {
    OptionalDouble observed = observedRate(victim, row);
    return observed.isPresent()
        ? OptionalDouble.of(rate / observed.getAsDouble())
        : OptionalDouble.empty();
  }

  /** Whether the rate comes from finished rows. */
  public boolean learned() {
    return learned;
  }

  /** Seconds of one thread to train and evaluate the victim. */
  public double seconds(Victim victim) {
    return (training(victim) + evaluation(victim)) / rate;
  }

  /** Seconds of one thread for the defense and its evaluation, the victim being there. */
  public double seconds(Trial trial) {
    Defense defense = Defenses.REGISTRY.create(trial.defense());
    if (defense instanceof NoDefense) {
      return 0;
    }
    double training = 0;
    if (defense instanceof CleanDataDefense cleanData) {
      double images = trial.cleanRatio() * images(trial.victim());
      training = TRAINING_PASSES * cleanData.epochs() * images * multiplications(trial.victim());
    }
    if (defense instanceof TrainingDefense ground) {
      training =
          TRAINING_PASSES
              * ground.passes()
              * victimImages(trial.victim())
              * multiplications(trial.victim());
    }
    return (training + evaluation(trial.victim())) / rate;
  }

  /** Seconds of one thread to train a self-supervised extractor; a supervised one is a victim. */
  public double extractorSeconds(Trial trial) {
    if (Extractors.REGISTRY.create(trial.extractor()) instanceof SelfSupervised extractor) {
      return TRAINING_PASSES
          * extractor.passes()
          * victimImages(trial.victim())
          * multiplications(trial.victim())
          / rate;
    }
    return 0;
  }

  private static double training(Victim victim) {
    Recipe recipe = Recipes.REGISTRY.create(victim.train());
    double perEpoch = TRAINING_PASSES * multiplications(victim);
    double perImage =
        Attacks.REGISTRY.create(victim.attack()) instanceof TrainingAttack attack
            ? attack.epochs(recipe) * perEpoch
                + attack.otherGigaMultiplications(
                    dataSet(victim).shape(), victim.poisonRate(), recipe)
            : recipe.epochs() * perEpoch;
    return perImage * victimImages(victim);
  }

  private static double victimImages(Victim victim) {
    return images(victim) * (1 - victim.heldOut());
  }

  private static double evaluation(Victim victim) {
    return TEST_PASSES * dataSet(victim).testSize() * multiplications(victim);
  }

  private static double images(Victim victim) {
    int all = dataSet(victim).trainSize();
    return victim.images() == 0 ? all : Math.min(all, victim.images());
  }

  private static double multiplications(Victim victim) {
    return Models.REGISTRY.create(victim.model()).gigaMultiplications(dataSet(victim).shape());
  }

  private static DataSet dataSet(Victim victim) {
    return DataSets.REGISTRY.create(victim.dataset());
  }
}
