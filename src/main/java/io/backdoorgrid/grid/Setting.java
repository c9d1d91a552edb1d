package io.backdoorgrid.grid;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;

/** The settings of a grid that are plain values, with their defaults and limits. */
enum Setting {
  POISON_RATE("poison-rate", 0.1) {
    @Override
    Object check(Node.Scalar given) {
      double rate = number(given);
      require(rate >= 0 && rate <= 1, "must be between 0 and 1", given);
      return rate;
    }
  },
  SEED("seed", 0L) {
    @Override
    Object check(Node.Scalar given) {
      require(given.plain() instanceof Long, "must be a whole number", given);
      return given.plain();
    }
  },
  HELD_OUT("held-out", 0.05) {
    @Override
    Object check(Node.Scalar given) {
      double share = number(given);
      require(share >= 0 && share < 1, "must be at least 0 and below 1", given);
      return share;
    }
  },
  IMAGES("images", 0L) {
    @Override
    Object check(Node.Scalar given) {
      require(
          given.plain() instanceof Long count && count >= 0,
          "must be a whole number, 0 for all images",
          given);
      return given.plain();
    }
  },
  PRECISION("precision", "auto") {
    @Override
    Object check(Node.Scalar given) {
      if (!PRECISIONS.contains(given.text())) {
        throw given.error(Names.unknown("precision", given.text(), PRECISIONS));
      }
      return given.text();
    }
  },
  CLEAN_RATIO("clean-ratio", 0.01) {
    @Override
    Object check(Node.Scalar given) {
      double ratio = number(given);
      require(ratio >= 0 && ratio <= 1, "must be between 0 and 1", given);
      return ratio;
    }
  };

  private static final List<String> PRECISIONS = List.of("auto", "float32", "bfloat16");

  private final String key;
  private final Object standard;

  Setting(String key, Object standard) {
    this.key = key;
    this.standard = standard;
  }

  /** A checked value: {@link Double}, {@link Long} or {@link String}. */
  record Value(Place place, Object value) {}

  static Optional<Setting> of(String key) {
    return Arrays.stream(values()).filter(setting -> setting.key.equals(key)).findFirst();
  }

  String key() {
    return key;
  }

  List<Value> standard(Place place) {
    return List.of(new Value(place, standard));
  }

  /** The values of this axis: one, or a list. */
  List<Value> read(Node node) {
    return node.alternatives(key).stream()
        .map(item -> new Value(item.place(), check(scalar(item))))
        .toList();
  }

  abstract Object check(Node.Scalar given);

  Node.Scalar scalar(Node node) {
    if (node instanceof Node.Scalar scalar && !scalar.isNothing()) {
      return scalar;
    }
    throw node.error(key + " must be a single value or a list of them, got " + node.shown());
  }

  double number(Node.Scalar given) {
    require(given.plain() instanceof Number, "must be a number", given);
    return ((Number) given.plain()).doubleValue();
  }

  void require(boolean holds, String rule, Node given) {
    if (!holds) {
      throw given.error(key + " " + rule + ", got " + given.shown());
    }
  }
}
