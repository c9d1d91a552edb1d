package io.backdoorgrid.run.schedule;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * One task for Spark.
 *
 * @param trials that it runs
 * @param dependents trials that fail with it if the victim cannot be trained
 * @param work its own, and what can only start when it is done
 */
record Job(Place place, Victim victim, List<Trial> trials, List<Trial> dependents, Cost work) {

  /** What a task holds while it runs. */
  enum Place {
    /** Cores, and the GPU that the application asks for per task, if it asks for one. */
    DEVICE,
    /** Cores alone. */
    PROCESSOR
  }

  /** Trials on a victim that is there. */
  static Job of(Place place, Victim victim, List<Trial> trials) {
    return new Job(place, victim, trials, List.of(), CostModel.work(trials));
  }

  /** For a person who looks at Spark's pages. */
  String description() {
    String names =
        trials.stream()
            .collect(Collectors.groupingBy(t -> t.defense().name(), Collectors.counting()))
            .entrySet()
            .stream()
            .sorted(Map.Entry.comparingByKey())
            .map(e -> e.getValue() == 1 ? e.getKey() : e.getValue() + " x " + e.getKey())
            .collect(Collectors.joining(", "));
    return "%s, %s, %s, seed %d (%s): %s"
        .formatted(
            victim.attack().name(),
            victim.dataset().name(),
            victim.model().name(),
            victim.seed(),
            victim.id(),
            names.isEmpty() ? "the victim" : names);
  }
}
