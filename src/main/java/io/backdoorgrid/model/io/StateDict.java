package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.grid.Names;
import io.backdoorgrid.model.io.Pickle.Dictionary;
import io.backdoorgrid.model.io.TorchObjects.View;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights within what {@code torch.save} wrote: a state_dict, a dictionary that has one, or a
 * whole module.
 *
 * @param key under which a dictionary had it; empty if it was there as such
 * @param tensors by name
 */
record StateDict(String key, Map<String, View> tensors) {

  /** Under which tool boxes keep weights, in the order of looking. Averages only if asked for. */
  private static final List<String> KEYS =
      List.of(
          "model",
          "state_dict",
          "model_state_dict",
          "net",
          "network",
          "clsmodel",
          "netC",
          "params");

  private static final int MOST_DEPTH = 64;
  private static final int MOST_PARTS = 200_000;

  /** A part of a module, and the name by which it is reached. */
  private record Part(String name, Object value, int depth) {}

  /**
   * @param asked key, if there is more than one candidate
   */
  static StateDict find(Object root, Optional<String> asked) {
    if (asked.isPresent()) {
      Object value = root instanceof Dictionary dictionary ? dictionary.get(asked.get()) : null;
      require(value != null, "there is nothing under '%s'%s", asked.get(), present(root));
      return new StateDict(asked.get(), tensors(value));
    }
    if (root instanceof Dictionary dictionary && !isStateDict(dictionary)) {
      List<String> found =
          KEYS.stream().filter(key -> mayHaveWeights(dictionary.get(key))).toList();
      require(!found.isEmpty(), "there are no weights%s", present(root));
      require(
          found.size() == 1,
          "there are weights under %s; --weights says which",
          String.join(" and ", found));
      return new StateDict(found.get(0), tensors(dictionary.get(found.get(0))));
    }
    return new StateDict("", tensors(root));
  }

  private static String present(Object root) {
    return root instanceof Dictionary dictionary
        ? ": the file has " + brief(dictionary.entries().keySet())
        : ": the file has no dictionary";
  }

  private static String brief(Iterable<Object> names) {
    var text = new StringBuilder();
    int count = 0;
    for (Object name : names) {
      if (count++ == 12) {
        return text + ", …";
      }
      text.append(count == 1 ? "" : ", ").append(Names.printable(String.valueOf(name)));
    }
    return count == 0 ? "nothing" : text.toString();
  }

  private static boolean mayHaveWeights(Object value) {
    return value instanceof Inert
        || value instanceof Dictionary dictionary && isStateDict(dictionary);
  }

  /** Some tensors, and nothing that could hold others. */
  private static boolean isStateDict(Dictionary dictionary) {
    return dictionary.entries().values().stream().anyMatch(View.class::isInstance)
        && dictionary.entries().values().stream()
            .noneMatch(value -> value instanceof Dictionary || value instanceof Inert);
  }

  private static Map<String, View> tensors(Object root) {
    var tensors = new LinkedHashMap<String, View>();
    Deque<Part> left = new ArrayDeque<>();
    left.push(new Part("", root, 0));
    for (int parts = 0; !left.isEmpty(); parts++) {
      require(parts < MOST_PARTS, "a module of more than %d parts", MOST_PARTS);
      Part part = left.pop();
      require(part.depth() < MOST_DEPTH, "modules within modules, more than %d deep", MOST_DEPTH);
      if (part.value() instanceof View view) {
        tensors.put(part.name(), view);
      } else if (part.value() instanceof Dictionary dictionary) {
        push(left, part, dictionary);
      } else if (part.value() instanceof Inert module) {
        for (Object state : module.parts()) {
          if (state instanceof Dictionary attributes) {
            pushModule(left, part, attributes);
          }
        }
      }
    }
    require(!tensors.isEmpty(), "there are no tensors in it");
    return tensors;
  }

  /**
   * A module of Python keeps its tensors in three dictionaries, one of TorchScript as attributes.
   */
  private static void pushModule(Deque<Part> left, Part part, Dictionary attributes) {
    if (attributes.get("_modules") == null) {
      push(left, part, attributes);
      return;
    }
    for (String kind : List.of("_modules", "_buffers", "_parameters")) {
      if (attributes.get(kind) instanceof Dictionary children) {
        push(left, part, children);
      }
    }
  }

  /** In such an order that the first comes off first. */
  private static void push(Deque<Part> left, Part part, Dictionary children) {
    Deque<Part> reversed = new ArrayDeque<>();
    children
        .entries()
        .forEach(
            (key, value) -> {
              if (key instanceof String name) {
                String full = part.name().isEmpty() ? name : part.name() + "." + name;
                reversed.push(new Part(full, value, part.depth() + 1));
              }
            });
    reversed.forEach(left::push);
  }
}
