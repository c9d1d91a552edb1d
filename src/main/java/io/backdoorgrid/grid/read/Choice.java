package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * One name on a named axis, with the hyperparameters that were given; their lists are not expanded.
 */
record Choice(Place place, String name, Map<String, Node.Member> given) {

  Choice with(String key, Node.Member value) {
    Map<String, Node.Member> changed = new LinkedHashMap<>(given);
    changed.put(key, value);
    return new Choice(place, name, Collections.unmodifiableMap(changed));
  }

  /** As a grid file writes it. */
  Object plain() {
    return given.isEmpty() ? name : Map.of(name, new Node.Mapping(place, given).plain());
  }
}
