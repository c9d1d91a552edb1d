package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.List;
import java.util.stream.Stream;

/**
 * One cell of the grid: a victim and a defense.
 *
 * @param id identity over the victim's id and the settings
 * @param settings of the axes that belong to trials; cells that differ in the victim alone share
 *     one object
 */
public record Trial(TrialId id, Victim victim, Settings settings) implements Serializable {

  public Spec defense() {
    return settings.spec(Axes.DEFENSE.key());
  }

  /** The features that the defense starts from, {@link Spec#NONE} where it uses none. */
  public Spec extractor() {
    return settings.spec(Axes.EXTRACTOR.key());
  }

  /** Whether the extractor is part of this cell. */
  public boolean usesExtractor() {
    return !extractor().equals(Spec.NONE);
  }

  /** Share of the training images that the defense may see, 0 where it sees none. */
  public double cleanRatio() {
    return settings.get(Axes.CLEAN_RATIO.key(), Double.class);
  }

  /** The value of an axis; null if there is none of that key. */
  private Object value(String key) {
    Object own = settings.values().get(key);
    return own != null ? own : victim.settings().values().get(key);
  }

  /** The algorithm that an axis is set to, {@link Spec#NONE} where it is unused. */
  public Spec spec(String key) {
    return value(key) instanceof Spec spec ? spec : settings.spec(key);
  }

  /**
   * The value of an axis as text: of a setting such as {@code attack} or {@code poison-rate}, or of
   * a hyperparameter by setting ({@code attack.size}) or by algorithm ({@code badnets.size}).
   *
   * @return empty for a hyperparameter that the cell's algorithms do not have, and for an unused
   *     algorithm
   * @throws IllegalArgumentException if there is no such setting; whether some algorithm has a
   *     hyperparameter of that name, one cell cannot tell: see {@link Axes#meant}
   */
  public String text(String axis) {
    Object value = value(axis);
    if (value instanceof Spec spec) {
      return settings.unnamed().contains(axis) ? "" : spec.name();
    }
    return value != null ? Values.text(value) : hyperparameter(axis);
  }

  private String hyperparameter(String axis) {
    int dot = axis.indexOf('.');
    if (dot <= 0 || dot == axis.length() - 1) {
      throw new IllegalArgumentException(
          Names.unknown(
              "axis",
              axis,
              Stream.of(victim.settings(), settings)
                  .flatMap(its -> its.values().keySet().stream())
                  .toList()));
    }
    String owner = axis.substring(0, dot);
    String key = axis.substring(dot + 1);
    if (value(owner) instanceof Spec spec) {
      return spec.text(key);
    }
    return Stream.of(victim.settings(), settings)
        .flatMap(its -> its.values().values().stream())
        .filter(value -> value instanceof Spec spec && spec.name().equals(owner))
        .map(value -> ((Spec) value).text(key))
        .filter(text -> !text.isEmpty())
        .findFirst()
        .orElse("");
  }

  /** Those of some cells that an axis is set to, for {@link Spec#differing}. */
  public static List<Spec> specs(List<Trial> cells, String axis) {
    return cells.stream().map(cell -> cell.spec(axis)).toList();
  }
}
