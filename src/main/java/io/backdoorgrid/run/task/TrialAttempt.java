package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.FeatureDefense;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.defense.UntrustedDataDefense;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.run.victim.PretrainedExtractor;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Supplier;

/** Gives the defense of a trial what its threat model grants. */
abstract class TrialAttempt<R> implements Defense.Visitor<R> {

  private final Assignment assignment;
  private final Supplier<KernelNorms> norms;
  private final Function<Spec, PretrainedExtractor> extractors;

  /**
   * @param norms of the victim's kernels
   * @param extractors gives the one that a trial asks for
   */
  TrialAttempt(
      Assignment assignment,
      Supplier<KernelNorms> norms,
      Function<Spec, PretrainedExtractor> extractors) {
    this.assignment = assignment;
    this.norms = norms;
    this.extractors = extractors;
  }

  /** What comes of a defense that repairs a copy of the victim. */
  abstract R repaired(TrialWorkspace given, Consumer<Classifier> repair);

  /** What comes of a defense that makes a network of its own. */
  abstract R trained(TrialWorkspace given, Supplier<Predictor> training);

  @Override
  public final R dataFree(DataFreeDefense defense) {
    var given = new TrialWeights(assignment, norms.get());
    return repaired(given, copy -> defense.repair(copy, given));
  }

  @Override
  public final R cleanData(CleanDataDefense defense) {
    var data = new TrialCleanData(assignment);
    return repaired(data, copy -> defense.repair(copy, data));
  }

  @Override
  public final R untrustedData(UntrustedDataDefense defense) {
    var data = new TrialUntrustedData(assignment);
    return repaired(data, copy -> defense.repair(copy, data));
  }

  @Override
  public final R training(TrainingDefense defense) {
    var training = new TrialTraining(assignment);
    return trained(training, () -> defense.train(training));
  }

  @Override
  public R features(FeatureDefense defense) {
    var training =
        new TrialFeatureTraining(assignment, extractors.apply(assignment.trial().extractor()));
    return trained(training, () -> defense.train(training));
  }
}
