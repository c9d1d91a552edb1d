package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import java.util.List;

/**
 * A checked number or word on an axis.
 *
 * @param value {@link Double}, {@link Long} or {@link String}
 */
record PlainValue(Place place, Object value) {

  /** The values of an axis: one, or a list. */
  static List<PlainValue> read(String key, Axis.Plain domain, Node node) {
    return Range.alternatives(key, node).stream().map(item -> check(key, domain, item)).toList();
  }

  private static PlainValue check(String key, Axis.Plain domain, Node node) {
    if (!(node instanceof Node.Scalar scalar) || scalar.isNothing()) {
      throw node.error(key + " must be a single value or a list of them, got " + node.shown());
    }
    Object plain = domain instanceof Axis.Word ? scalar.text() : scalar.plain();
    domain
        .complaint(key, plain, scalar.shown())
        .ifPresent(
            complaint -> {
              throw scalar.error(complaint);
            });
    return new PlainValue(scalar.place(), domain.value(plain));
  }
}
