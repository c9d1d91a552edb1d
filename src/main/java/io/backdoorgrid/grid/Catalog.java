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
   * Why such a victim is impossible although each of its settings is possible: an attack, for
   * example, that needs more poison than the data set has images. Its cells are skipped.
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

    /**
     * The heading under which a list shows it, such as the threat model of a defense; empty for
     * none.
     */
    default String group() {
      return "";
    }

    /** The documentation of each of {@link #defaults()}. */
    default Map<String, Hyperparameter> documented() {
      return Map.of();
    }

    /** Raised whenever the behavior changes, so that old results are not taken for new ones. */
    int version();

    /**
     * Every hyperparameter (kebab-case) with its default, in the order of its documentation. Values
     * are {@link Long}, {@link Double}, {@link Boolean}, {@link String}, a {@link List} of these,
     * or a {@link NamedFile}.
     */
    Map<String, Object> defaults();

    /**
     * The former keys of hyperparameters that were renamed after results had been stored, by their
     * current keys. Grid files may still write a former key; ids and the columns of rows keep it.
     */
    default Map<String, String> formerKeys() {
      return Map.of();
    }

    /** The current key for a key in a grid file, which may be a former one. */
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
     * @return all hyperparameters, in the order of {@link #defaults()}; without those that were
     *     added later and have their default
     * @throws IllegalArgumentException with a message for a person that names hyperparameter and
     *     value, if a value has the wrong type or is impossible; the grid adds where it was written
     */
    Map<String, Object> complete(Map<String, Object> given);

    /**
     * The shared settings of victims and trials ({@code poison-rate}, {@code clean-ratio}, {@code
     * extractor}) that change what this entry does; the others are not part of its identity.
     */
    Set<String> uses();
  }
}
