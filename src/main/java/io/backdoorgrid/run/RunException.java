package io.backdoorgrid.run;

import io.backdoorgrid.run.task.FailureKinds;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.train.DivergedException;
import java.util.Map;

/**
 * A run was cut off or could not begin; its committed results stay, and the same command resumes.
 */
public final class RunException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private static final String ENDED =
      "Spark has ended the application; on a cluster, the logs of its master and workers say why";

  /** Parts of Spark's messages and what they mean. */
  private static final Map<String, String> REPORTS =
      Map.of(
          "excludeOnFailure",
          "no machine is left for a task of which attempts were lost on each",
          "stopped SparkContext",
          ENDED,
          "SparkContext was shut down",
          ENDED,
          "Master removed our application",
          "Spark's master has ended the application, as it does when no executor starts; the workers' logs say why");

  private final boolean storeLost;

  private RunException(String message, Throwable cause, boolean storeLost) {
    super(message, cause);
    this.storeLost = storeLost;
  }

  /** The root cause, from below the layers of Spark and futures. */
  public static RunException of(Throwable error) {
    Throwable reason = error;
    while (reason.getCause() != null && !(reason instanceof StoreException)) {
      reason = reason.getCause();
    }
    if (reason instanceof RunException known) {
      return known;
    }
    return new RunException(
        "the run was cut off: " + text(reason), error, reason instanceof StoreException);
  }

  private static String text(Throwable reason) {
    String message = String.valueOf(reason.getMessage());
    return REPORTS.entrySet().stream()
        .filter(report -> message.contains(report.getKey()))
        .map(Map.Entry::getValue)
        .findFirst()
        .orElseGet(() -> FailureKinds.message(reason));
  }

  /** A trial failed, and that was to end the run. */
  public static RunException failedFast(Failure failure) {
    return new RunException(
        "the run ended at its first failure, of trial %s: %s: %s"
            .formatted(failure.trial(), failure.kind(), failure.message()),
        null,
        false);
  }

  /** The cluster cannot give what a run asks for. */
  public static RunException unmet(String reason) {
    return new RunException(reason, null, false);
  }

  /** Spark did not start. */
  public static RunException notStarted(Exception error) {
    return new RunException("Spark did not start: " + FailureKinds.message(error), error, false);
  }

  /** A training that is needed to show an attack has diverged. */
  public static RunException notShown(String attack, DivergedException error) {
    return new RunException(
        "%s cannot be shown: %s".formatted(attack, error.getMessage()), error, false);
  }

  /** Another driver considered this one dead. */
  static RunException superseded(String driver) {
    return new RunException(
        "the run was cut off: no heartbeat of it reached the store for long, and %s took over"
            .formatted(driver),
        null,
        false);
  }

  public boolean storeLost() {
    return storeLost;
  }
}
