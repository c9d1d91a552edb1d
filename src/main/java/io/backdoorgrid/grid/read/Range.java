package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.yaml.Node;
import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Numbers that a grid file writes by their bounds, in place of a list or of some of its items:
 *
 * <ul>
 *   <li>{@code {from: 1, to: 5, step: 0.5}}: both ends included; without {@code step} in steps of 1
 *   <li>{@code {log: [1e-4, 1e-1], count: 4}}: in equal ratios, rounded to six digits
 * </ul>
 *
 * <p>The numbers are exact decimals: 0.1, 0.2, 0.3, and not 0.30000000000000004.
 */
final class Range {
  private static final String FROM = "from";
  private static final String TO = "to";
  private static final String STEP = "step";
  private static final String LOG = "log";
  private static final String COUNT = "count";

  private static final MathContext DIGITS = new MathContext(6);

  private final Node.Mapping range;
  private final String key;

  private Range(Node.Mapping range, String key) {
    this.range = range;
    this.key = key;
  }

  /** The values of the axis {@code key}, with the numbers of every range in its place. */
  static List<Node> alternatives(String key, Node node) {
    List<Node> values = new ArrayList<>();
    for (Node item : node.alternatives(key)) {
      if (item instanceof Node.Mapping mapping && isMeant(mapping)) {
        values.addAll(new Range(mapping, key).numbers());
      } else {
        values.add(item);
      }
    }
    return values;
  }

  private static boolean isMeant(Node.Mapping mapping) {
    return Stream.of(FROM, TO, STEP, LOG, COUNT).anyMatch(mapping.members()::containsKey);
  }

  private List<Node> numbers() {
    Set<String> given = range.members().keySet();
    if (given.equals(Set.of(FROM, TO)) || given.equals(Set.of(FROM, TO, STEP))) {
      return arithmetic(
          number(FROM), number(TO), given.contains(STEP) ? number(STEP) : BigDecimal.ONE);
    }
    if (given.equals(Set.of(LOG, COUNT)) && member(LOG) instanceof Node.Sequence ends) {
      if (ends.items().size() == 2) {
        return geometric(
            number(LOG, ends.items().get(0)), number(LOG, ends.items().get(1)), number(COUNT));
      }
    }
    throw range.error(
        key
            + ": a range is {from: 1, to: 5, step: 0.5} or {log: [0.001, 0.1], count: 3}, got "
            + String.join(", ", given));
  }

  private List<Node> arithmetic(BigDecimal from, BigDecimal to, BigDecimal step) {
    if (step.signum() <= 0) {
      throw member(STEP).error(key + ": step must be positive, got " + step.toPlainString());
    }
    if (from.compareTo(to) > 0) {
      throw range.error(
          key
              + ": from must not be above to, got "
              + from.toPlainString()
              + " and "
              + to.toPlainString());
    }
    BigDecimal steps = to.subtract(from).divideToIntegralValue(step);
    int last = atMost(steps.add(BigDecimal.ONE)) - 1;
    return IntStream.rangeClosed(0, last)
        .mapToObj(i -> scalar(from.add(step.multiply(BigDecimal.valueOf(i)))))
        .toList();
  }

  private List<Node> geometric(BigDecimal first, BigDecimal last, BigDecimal count) {
    if (first.signum() <= 0 || last.signum() <= 0) {
      throw member(LOG).error(key + ": log needs positive numbers");
    }
    if (count.stripTrailingZeros().scale() > 0 || count.compareTo(BigDecimal.valueOf(2)) < 0) {
      throw member(COUNT).error(key + ": count must be a whole number of at least 2");
    }
    int steps = atMost(count) - 1;
    double ratio = last.doubleValue() / first.doubleValue();
    return IntStream.rangeClosed(0, steps)
        .mapToObj(
            i -> {
              double value = first.doubleValue() * StrictMath.pow(ratio, (double) i / steps);
              return scalar(new BigDecimal(value).round(DIGITS));
            })
        .toList();
  }

  private int atMost(BigDecimal count) {
    if (count.compareTo(BigDecimal.valueOf(Expansion.MAX_CELLS)) > 0) {
      throw range.error(key + ": more than " + Expansion.MAX_CELLS + " values");
    }
    return count.intValueExact();
  }

  private Node scalar(BigDecimal number) {
    BigDecimal shortest = number.stripTrailingZeros();
    String text = shortest.scale() <= 0 ? shortest.toPlainString() : shortest.toString();
    return new Node.Scalar(range.place(), text, true);
  }

  private Node member(String name) {
    return range.members().get(name).value();
  }

  private BigDecimal number(String name) {
    return number(name, member(name));
  }

  private BigDecimal number(String name, Node node) {
    if (node instanceof Node.Scalar scalar && scalar.plain() instanceof Number) {
      return new BigDecimal(scalar.text().endsWith(".") ? scalar.text() + "0" : scalar.text());
    }
    throw node.error(key + ": " + name + " must be a number, got " + node.shown());
  }
}
