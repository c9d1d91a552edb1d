package io.backdoorgrid.grid;

import io.backdoorgrid.metric.Metric;
import io.backdoorgrid.metric.Metrics;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * What a grid file may name, as seen by the grid: names, defaults and checks, without knowing any
 * algorithm.
 *
 * <p>The registries of data sets, models, training recipes, attacks, defenses and feature
 * extractors implement it.
 */
public interface Catalog {

  /** The key that names a preset among the hyperparameters of a grid file. */
  String PRESET = "preset";

  /** The families of things that a grid file names. */
  enum Kind {
    DATASET,
    MODEL,
    ATTACK,
    TRAIN,
    DEFENSE,
    EXTRACTOR;

    /** The key of a grid file that holds names of this kind. */
    public String key() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  /** The settings of its grids. */
  default Axes axes() {
    return Axes.STANDARD;
  }

  /** The names known for {@code kind}, in the order in which a person should read them. */
  Set<String> names(Kind kind);

  /**
   * The entry of that name.
   *
   * @throws IllegalArgumentException if there is none
   */
  Entry entry(Kind kind, String name);

  /**
   * Why there can be no such victim although each of its settings is possible, such as an attack
   * that needs more poison than the data set has images for. Its cells are skipped.
   */
  Optional<String> obstacle(Victim victim);

  /** What a table can show, in the order in which a person should read it. */
  default List<Metric> metrics() {
    return Metrics.STANDARD;
  }

  /**
   * What a person is told about a hyperparameter.
   *
   * @param meaning with its range and unit, empty if nothing is written about it
   * @param choices the names that it can have, each with its meaning or an empty text; empty if it
   *     is not chosen among names
   */
  record Hyperparameter(String meaning, Map<String, String> choices) {}

  /** One named algorithm, data set or recipe. */
  interface Entry {
    /** The name that a grid file uses. */
    String name();

    /** What it is, in a sentence or two. */
    default String summary() {
      return "";
    }

    /** Under which a list shows it, such as the threat model of a defense; empty for none. */
    default String group() {
      return "";
    }

    /** What there is to say about each of {@link #defaults()}. */
    default Map<String, Hyperparameter> documented() {
      return Map.of();
    }

    /** Raised whenever the behavior changes, so that results of the old one do not pass for it. */
    int version();

    /**
     * Every hyperparameter (kebab-case) with its default, in the order of its documentation. Values
     * are {@link Long}, {@link Double}, {@link Boolean}, {@link String}, a {@link List} of these,
     * or a {@link FileContent}.
     */
    Map<String, Object> defaults();

    /**
     * By their key of today, the former key of hyperparameters that were renamed when there were
     * results already: grid files may still write it, ids and the columns of rows keep it.
     */
    default Map<String, String> formerKeys() {
      return Map.of();
    }

    /** The key of today for one that a person wrote, which may be a former one. */
    default String currentKey(String written) {
      return formerKeys().entrySet().stream()
          .filter(renamed -> renamed.getValue().equals(written))
          .map(Map.Entry::getKey)
          .findFirst()
          .orElse(written);
    }

    /** This entry with those hyperparameters, which {@link #complete} made. */
    default Spec spec(Map<String, Object> complete) {
      return new Spec(name(), version(), complete, formerKeys());
    }

    /**
     * Settings of all hyperparameters by name, such as a paper's, in the order in which a person
     * should read them. What a grid file gives beside a preset is laid over it; only the values
     * count, not the name.
     */
    Map<String, Map<String, Object>> presets();

    /** What a grid file may give: the hyperparameters, and a preset where there are any. */
    default Set<String> keys() {
      Set<String> keys = new LinkedHashSet<>(defaults().keySet());
      if (!presets().isEmpty()) {
        keys.add(PRESET);
      }
      return keys;
    }

    /**
     * Lays {@code given} over the defaults, brings every value to the type of its default and
     * checks it.
     *
     * @param given hyperparameters by name; every name is one of {@link #defaults()}
     * @return all hyperparameters, in the order of {@link #defaults()}; without those that came
     *     when there were results already and have their default
     * @throws IllegalArgumentException with a message for a person that names hyperparameter and
     *     value, if a value has the wrong type or is impossible; where it was written is told by
     *     the grid
     */
    Map<String, Object> complete(Map<String, Object> given);

    /**
     * The shared settings of victims and trials ({@code poison-rate}, {@code clean-ratio}, {@code
     * extractor}) that change what this entry does; the others are not part of its identity.
     */
    Set<String> uses();
  }
}
