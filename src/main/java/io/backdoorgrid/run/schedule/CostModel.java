package io.backdoorgrid.run.schedule;

import ai.djl.Device;
import io.backdoorgrid.attack.Attacks;
import io.backdoorgrid.attack.Scale;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.extractor.Extractors;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Recipes;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Estimates how long victims and trials take, from the multiplications they need and the speed that
 * finished rows show: of the same attack's training or the same defense, or else of all. It learns
 * from every row that is reported to it during a run. Safe for use by several threads.
 */
public final class CostModel {

  /** What it looks at in rows. */
  static final Set<String> COLUMNS =
      Set.of(
          Row.VICTIM,
          Row.TRAIN_SECONDS,
          Row.TRAIN_THREADS,
          Row.SECONDS,
          Row.EVALUATE_SECONDS,
          Row.THREADS);

  /** Billions of multiplications per second and thread where nothing was measured yet. */
  static final double ASSUMED_RATE = 50;

  /** As good as all of them, and read in no time. */
  private static final int ENOUGH_ROWS = 2_000;

  /** Nearly all test images are classified twice: clean and triggered. */
  private static final double TEST_PASSES = 1.9;

  private static final Map<VictimKind, Cost> VICTIMS = new ConcurrentHashMap<>();
  private static final Map<TrialKind, Cost> TRIALS = new ConcurrentHashMap<>();

  /** The finished work of a kind, and the seconds of one thread that it took. */
  private record Speed(double billions, double seconds) {

    Speed plus(Speed other) {
      return new Speed(billions + other.billions, seconds + other.seconds);
    }

    double rate() {
      return billions / seconds;
    }
  }

  private final Map<String, Speed> speeds = new HashMap<>();
  private final Set<String> victims = new HashSet<>();
  private Optional<Speed> all = Optional.empty();

  /**
   * A model that has learned from finished trials.
   *
   * @param trials of the plan
   * @param rows those of its trials that are finished
   */
  public static CostModel of(List<Trial> trials, Map<String, Row> rows) {
    var costs = new CostModel();
    int step = Math.max(1, rows.size() / ENOUGH_ROWS);
    int seen = 0;
    for (Trial trial : trials) {
      Row row = rows.get(trial.id().toString());
      if (row != null && seen++ % step == 0) {
        costs.learn(trial, row);
      }
    }
    return costs;
  }

  /** Takes note of what a trial, and its victim's training, took. */
  public synchronized void learn(Trial trial, Row row) {
    if (victims.add(row.text(Row.VICTIM))) {
      learn(
          Cost.of(kind(trial.victim()), training(trial.victim())),
          row.number(Row.TRAIN_SECONDS).orElse(0) * row.number(Row.TRAIN_THREADS).orElse(1));
    }
    double seconds = row.number(Row.SECONDS).orElse(0) + row.number(Row.EVALUATE_SECONDS).orElse(0);
    learn(work(trial), seconds * row.number(Row.THREADS).orElse(1));
  }

  private void learn(Cost work, double seconds) {
    if (seconds > 0) {
      work.billions()
          .forEach(
              (kind, billions) -> {
                var speed = new Speed(billions, seconds);
                speeds.merge(kind, speed, Speed::plus);
                all = Optional.of(all.map(speed::plus).orElse(speed));
              });
    }
  }

  /** Whether work of that kind has been measured. */
  synchronized boolean knows(String kind) {
    return speeds.containsKey(kind);
  }

  /** Whether it knows more than a rule of thumb. */
  public synchronized boolean learned() {
    return all.isPresent();
  }

  /** Seconds of one thread to train and evaluate the victim. */
  public double seconds(Victim victim) {
    return seconds(work(victim));
  }

  /** Seconds of one thread for the defense and its evaluation, the victim being there. */
  public double seconds(Trial trial) {
    return seconds(work(trial));
  }

  /** Seconds of one thread to train a self-supervised extractor; a supervised one is a victim. */
  public double extractorSeconds(Trial trial) {
    return seconds(extraction(trial));
  }

  static Cost extraction(Trial trial) {
    Victim victim = trial.victim();
    double passes = Extractors.REGISTRY.create(trial.extractor()).imagePasses(victimImages(victim));
    return Cost.of(
        "extract " + trial.extractor().name(),
        Scale.TRAINING_PASSES * passes * multiplications(victim));
  }

  /** Seconds of one thread. */
  synchronized double seconds(Cost work) {
    double seconds = 0;
    for (Map.Entry<String, Double> part : work.billions().entrySet()) {
      double rate =
          Optional.ofNullable(speeds.get(part.getKey()))
              .or(() -> all)
              .map(Speed::rate)
              .orElse(ASSUMED_RATE);
      seconds += part.getValue() / rate;
    }
    return seconds;
  }

  /** All that the cost of a victim depends on: a million cells of a plan share a few of these. */
  private record VictimKind(
      Spec dataset,
      Spec model,
      Spec attack,
      double poisonRate,
      Spec train,
      double heldOut,
      long images) {

    static VictimKind of(Victim victim) {
      return new VictimKind(
          victim.dataset(),
          victim.model(),
          victim.attack(),
          victim.poisonRate(),
          victim.train(),
          victim.heldOut(),
          victim.images());
    }
  }

  /** That of a trial, its victim being there. */
  private record TrialKind(
      Spec dataset, Spec model, double heldOut, long images, double cleanRatio, Spec defense) {

    static TrialKind of(Trial trial) {
      Victim victim = trial.victim();
      return new TrialKind(
          victim.dataset(),
          victim.model(),
          victim.heldOut(),
          victim.images(),
          trial.cleanRatio(),
          trial.defense());
    }
  }

  static Cost work(Victim victim) {
    return VICTIMS.computeIfAbsent(
        VictimKind.of(victim),
        kind -> Cost.of(kind(victim), training(victim) + evaluation(victim)));
  }

  static Cost work(Trial trial) {
    return TRIALS.computeIfAbsent(TrialKind.of(trial), kind -> defending(trial));
  }

  private static Cost defending(Trial trial) {
    Defense defense = Defenses.REGISTRY.create(trial.defense());
    if (!defense.changesModel()) {
      return Cost.NONE;
    }
    Victim victim = trial.victim();
    var sizes =
        new DataSizes(
            trial.cleanRatio() * images(victim),
            victimImages(victim),
            dataSet(victim).classSizes().length);
    double defending = Scale.TRAINING_PASSES * defense.imagePasses(sizes) * multiplications(victim);
    return Cost.of("defend " + trial.defense().name(), defending + evaluation(victim));
  }

  static Cost work(List<Trial> trials) {
    return trials.stream().map(CostModel::work).reduce(Cost.NONE, Cost::plus);
  }

  private static String kind(Victim victim) {
    return "train " + victim.attack().name();
  }

  private static double training(Victim victim) {
    if (Models.REGISTRY.create(victim.model()).pretrained().isPresent()) {
      return 0;
    }
    Recipe recipe = Recipes.REGISTRY.create(victim.train());
    var scale =
        new Scale(
            dataSet(victim).shape(),
            victimImages(victim),
            victim.poisonRate(),
            multiplications(victim));
    return Attacks.REGISTRY.create(victim.attack()).gigaMultiplications(scale, recipe);
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

  /** Billions of multiplications to train and evaluate a victim. */
  static double billions(Victim victim) {
    return work(victim).billions().values().stream().mapToDouble(billions -> billions).sum();
  }

  /** What a victim's networks compute in on this machine's processor. */
  static String precision(Victim victim) {
    return Precision.of(victim.precision(), Device.cpu()).toString();
  }

  static double multiplications(Victim victim) {
    return Models.REGISTRY.create(victim.model()).gigaMultiplications(dataSet(victim).shape());
  }

  private static DataSet dataSet(Victim victim) {
    return DataSets.REGISTRY.create(victim.dataset());
  }
}
