package io.backdoorgrid.grid.yaml;

import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Names;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;

/** A YAML document as a tree whose nodes know where they were written. */
public sealed interface Node {
  Place place();

  /** As nested maps, lists and scalars. */
  Object plain();

  /** The node as error messages quote it. */
  String shown();

  default GridException error(String message) {
    return place().error(message);
  }

  /**
   * The values of the axis {@code key}: the items of a list, or this alone.
   *
   * @throws GridException if the list is empty
   */
  default List<Node> alternatives(String key) {
    if (!(this instanceof Sequence list)) {
      return List.of(this);
    }
    if (list.items().isEmpty()) {
      throw error(key + " is an empty list");
    }
    return list.items();
  }

  /**
   * @param bare not in quotes, so it may be a number, a truth value or nothing
   */
  record Scalar(Place place, String text, boolean bare) implements Node {
    // YAML 1.2: `no` and `off` are words, 1e-1 is a number.
    private static final Pattern NOTHING = Pattern.compile("|~|null|Null|NULL");
    private static final Pattern TRUTH = Pattern.compile("true|True|TRUE|false|False|FALSE");
    private static final Pattern WHOLE = Pattern.compile("[-+]?[0-9]{1,18}");
    private static final Pattern NUMBER =
        Pattern.compile("[-+]?(\\.[0-9]+|[0-9]+(\\.[0-9]*)?)([eE][-+]?[0-9]+)?");

    /** {@link Long}, {@link Double}, {@link Boolean}, {@link String}, or null for nothing. */
    @Override
    public Object plain() {
      if (!bare) {
        return text;
      }
      if (NOTHING.matcher(text).matches()) {
        return null;
      }
      if (TRUTH.matcher(text).matches()) {
        return Boolean.valueOf(text);
      }
      if (WHOLE.matcher(text).matches()) {
        return Long.valueOf(text);
      }
      if (text.length() < 100 && NUMBER.matcher(text).matches()) {
        double number = Double.parseDouble(text);
        return Double.isInfinite(number) ? text : (Object) number;
      }
      return text;
    }

    public boolean isNothing() {
      return plain() == null;
    }

    @Override
    public String shown() {
      Object value = plain();
      if (value == null) {
        return "nothing";
      }
      if (!bare && NUMBER.matcher(text).matches()) {
        return Names.quote(text) + "; quotes make it text";
      }
      return value instanceof String ? Names.quote(text) : Names.printable(text);
    }
  }

  record Sequence(Place place, List<Node> items) implements Node {
    @Override
    public List<Object> plain() {
      return items.stream().map(Node::plain).toList();
    }

    @Override
    public String shown() {
      return "a list";
    }
  }

  record Mapping(Place place, Map<String, Member> members) implements Node {
    @Override
    public Map<String, Object> plain() {
      Map<String, Object> plain = new LinkedHashMap<>();
      members.forEach((key, member) -> plain.put(key, member.value().plain()));
      return plain;
    }

    @Override
    public String shown() {
      return "a map";
    }
  }

  /**
   * What a mapping holds under one key.
   *
   * @param place of the key
   */
  record Member(Place place, Node value) {}
}
