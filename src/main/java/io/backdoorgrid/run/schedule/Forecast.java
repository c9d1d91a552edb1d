package io.backdoorgrid.run.schedule;

import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.run.host.Slots;
import java.util.OptionalDouble;

/**
 * What the rest of a plan will take, as honestly as that is known.
 *
 * @param coreSeconds of one core
 * @param leastSeconds until the end, if it goes well
 * @param mostSeconds until the end, if it does not
 * @param basis of the times
 * @param bytes that the store will grow by
 */
public record Forecast(
    double coreSeconds, double leastSeconds, double mostSeconds, Basis basis, double bytes) {

  /** What an estimate of time is based on, and by what factors it may be wrong. */
  public enum Basis {
    SAME_KIND("finished trials of the same kinds", 0.8, 1.3),
    OTHER_KINDS("finished trials of other kinds", 0.5, 2),
    BENCHMARK("the benchmark of this machine", 0.6, 2),
    RULE_OF_THUMB("a rule of thumb, until one is finished or bench has run", 0.2, 5);

    private final String words;
    private final double least;
    private final double most;

    Basis(String words, double least, double most) {
      this.words = words;
      this.least = least;
      this.most = most;
    }

    /** Continues a sentence that ends with "by". */
    @Override
    public String toString() {
      return words;
    }
  }

  /** A row, and the findings that it names. */
  private static final double BYTES_OF_A_ROW = 8_000;

  /**
   * @param benched is asked where no trial is finished
   */
  public static Forecast of(PlanStatus workload, Slots slots, BenchedSpeeds benched) {
    CostModel costs = CostModel.of(workload.plan().trials(), workload.rows());
    var rest = new RemainingCost(workload);
    OptionalDouble rate =
        costs.learned() ? OptionalDouble.empty() : benched.rate(workload.victimsToTrain());
    double slower = rate.isPresent() ? CostModel.ASSUMED_RATE / rate.getAsDouble() : 1;
    double core = slower * workload.pendingSeconds(costs);
    double wall = slower * rest.secondsByAnything(slots);
    Basis basis;
    if (costs.learned()) {
      basis = rest.isOfKnownKinds() ? Basis.SAME_KIND : Basis.OTHER_KINDS;
    } else {
      basis = rate.isPresent() ? Basis.BENCHMARK : Basis.RULE_OF_THUMB;
    }
    double bytes =
        workload.pending().size() * BYTES_OF_A_ROW
            + workload.victimsToTrain().stream().mapToDouble(Forecast::bytes).sum()
            + workload.extractorsToTrain().stream().mapToDouble(t -> bytes(t.victim())).sum();
    return new Forecast(core, wall * basis.least, wall * basis.most, basis, bytes);
  }

  private static double bytes(Victim victim) {
    return (double) Float.BYTES
        * Models.REGISTRY
            .create(victim.model())
            .convolutionWeights(DataSets.REGISTRY.create(victim.dataset()).shape());
  }
}
