package io.backdoorgrid.report.published;

import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;
import org.apache.commons.csv.CSVRecord;

/**
 * One number of a paper and what it was measured on. An empty attack, rate or parameter was not
 * stated and suits every trial.
 *
 * @param paper such as {@code clp}
 * @param poisonRate in percent
 * @param parameter {@code key=value}
 * @param value as printed
 */
record PublishedValue(
    String paper,
    String dataset,
    String model,
    String attack,
    OptionalDouble poisonRate,
    String defense,
    String parameter,
    String metric,
    String value) {
  private static final double EPSILON = 1e-9;

  PublishedValue {
    number("value", value);
    if (!parameter.isEmpty() && parameter.indexOf('=') <= 0) {
      throw new IllegalArgumentException("parameter must be key=value, got " + parameter);
    }
  }

  /** Nothing for a value that cannot be read in the print. */
  static Optional<PublishedValue> of(CSVRecord line) {
    if (line.get("value").isEmpty()) {
      return Optional.empty();
    }
    String rate = line.get("poison_rate");
    return Optional.of(
        new PublishedValue(
            line.get("paper"),
            line.get("dataset"),
            line.get("model"),
            line.get("attack"),
            rate.isEmpty()
                ? OptionalDouble.empty()
                : OptionalDouble.of(number("poison_rate", rate)),
            line.get("defense"),
            line.get("parameter"),
            line.get("metric"),
            line.get("value")));
  }

  boolean matches(Trial trial, String wanted) {
    Victim victim = trial.victim();
    // The row "average" needs no check: no attack has that name.
    return metric.equals(wanted)
        && dataset.equals(victim.dataset().name())
        && isModel(trial)
        && defense.equals(trial.defense().name())
        && (attack.isEmpty() || attack.equals(victim.attack().name()))
        && (poisonRate.isEmpty() || same(poisonRate.getAsDouble() / 100, victim.poisonRate()))
        && (parameter.isEmpty() || hasParameter(trial));
  }

  /** A head on a frozen extractor goes by the extractor's name. */
  private boolean isModel(Trial trial) {
    return model.equals(trial.victim().model().name())
        || trial.usesExtractor() && model.equals(trial.extractor().name() + "+mlp");
  }

  /** How many settings of the trial the paper states: the more, the better the match. */
  int specificity() {
    return (attack.isEmpty() ? 0 : 1)
        + (poisonRate.isEmpty() ? 0 : 1)
        + (parameter.isEmpty() ? 0 : 1);
  }

  /** Of the parameter, as grid files spell it; empty without one. */
  String key() {
    return parameter.substring(0, Math.max(0, parameter.indexOf('='))).replace('_', '-');
  }

  private boolean hasParameter(Trial trial) {
    String key = key();
    String text = parameter.substring(key.length() + 1);
    if (key.equals("benign-data-rate")) {
      // A defense that sees no clean data gives the same numbers at every rate.
      return trial.cleanRatio() == 0 || same(text, trial.cleanRatio());
    }
    if (key.equals("feature-extractor")) {
      // A defense that uses none gives the same numbers with every extractor.
      return !trial.usesExtractor() || same(text, trial.extractor().name());
    }
    Victim victim = trial.victim();
    return Stream.of(
            trial.defense(),
            trial.extractor(),
            victim.attack(),
            victim.model(),
            victim.train(),
            victim.dataset())
        .map(Spec::parameters)
        .filter(parameters -> parameters.containsKey(key))
        .findFirst()
        .map(parameters -> same(text, parameters.get(key)))
        .orElse(false);
  }

  private static boolean same(String text, Object value) {
    if (value instanceof Number number) {
      try {
        return text.endsWith("%")
            ? same(
                Double.parseDouble(text.substring(0, text.length() - 1)) / 100,
                number.doubleValue())
            : same(Double.parseDouble(text), number.doubleValue());
      } catch (NumberFormatException e) {
        return false;
      }
    }
    return text.equalsIgnoreCase(String.valueOf(value));
  }

  private static boolean same(double a, double b) {
    return Math.abs(a - b) < EPSILON;
  }

  private static double number(String column, String text) {
    try {
      return Double.parseDouble(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(column + " must be a number, got \"" + text + "\"", e);
    }
  }
}
