package io.backdoorgrid.grid;

import java.io.Serializable;
import java.util.Map;

/**
 * A named thing with all its hyperparameters filled in.
 *
 * @param name as in the grid file, such as {@code badnets}
 * @param version of its behaviour, see {@link Catalog.Entry#version()}
 * @param parameters every hyperparameter, defaults included, in documented order; one that came
 *     when there were results already only if it differs from its default
 */
public record Spec(String name, int version, Map<String, Object> parameters)
    implements Serializable {

  /** Nothing of that kind. */
  public static final Spec NONE = new Spec("none", 1, Map.of());
}
