package io.backdoorgrid.run.task;

import io.backdoorgrid.defense.Defense;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.FeatureDefense;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.prune.KernelNorms;
import io.backdoorgrid.run.victim.Measures;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * The network that a trial's defense made of its victim. Stores keep numbers, not networks, so it
 * is made again: bit by bit the same on the same kind of machine.
 *
 * @param network to be closed by the caller
 * @param measures as it behaves now
 */
public record RepairedNetwork(Classifier network, Measures measures) implements AutoCloseable {

  /**
   * @param store is read only: finished work of the trial is taken from there
   * @return empty if the defense makes no network of the victim's kind
   */
  public static Optional<RepairedNetwork> of(
      Trial trial, TrainedVictim victim, Store store, Consumer<String> listener) {
    Defense defense = Defenses.REGISTRY.create(trial.defense());
    if (!defense.changesModel()) {
      return Optional.of(new RepairedNetwork(victim.classifier().copy(), victim.before()));
    }
    return defense
        .accept(new Again(new Assignment(trial, victim, store, listener, Unfinished.DONE)))
        .map(network -> new RepairedNetwork(network, victim.evaluator().measure(network)));
  }

  /** Whether it behaves as its row says. */
  public boolean isAsIn(Row row) {
    return measures.values().entrySet().stream()
        .allMatch(
            measured ->
                row.number(measured.getKey().column())
                    .equals(OptionalDouble.of(measured.getValue())));
  }

  @Override
  public void close() {
    network.close();
  }

  private static final class Again extends TrialAttempt<Optional<Classifier>> {

    private final TrainedVictim victim;

    Again(Assignment assignment) {
      super(
          assignment,
          () -> new KernelNorms(assignment.victim().classifier().units()),
          extractor -> {
            throw new NoSuchElementException("an extractor");
          });
      this.victim = assignment.victim();
    }

    @Override
    Optional<Classifier> repaired(TrialWorkspace given, Consumer<Classifier> repair) {
      Classifier copy = victim.classifier().copy();
      repair.accept(copy);
      return Optional.of(copy);
    }

    /** A head on features has other layers. */
    @Override
    public Optional<Classifier> features(FeatureDefense defense) {
      return Optional.empty();
    }

    @Override
    Optional<Classifier> trained(TrialWorkspace given, Supplier<Predictor> training) {
      Predictor made = training.get();
      if (made instanceof Classifier network) {
        return Optional.of(network);
      }
      made.close();
      return Optional.empty();
    }
  }
}
