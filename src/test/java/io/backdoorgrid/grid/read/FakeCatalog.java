package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Victim;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/** A small catalog with one thing of every sort that a grid file can meet. */
final class FakeCatalog implements Catalog {
  private final Map<Kind, Map<String, Entry>> entries = new EnumMap<>(Kind.class);

  FakeCatalog() {
    this(1);
  }

  /**
   * @param version of every entry
   */
  FakeCatalog(int version) {
    add(Kind.DATASET, version, "cifar10", Set.of());
    add(Kind.DATASET, version, "gtsrb", Set.of(), "size", 32L);
    add(Kind.MODEL, version, "resnet18", Set.of(), "width", 64L);
    add(Kind.MODEL, version, "vgg16", Set.of(), "width", 64L);
    add(Kind.ATTACK, version, "none", Set.of());
    add(Kind.ATTACK, version, "badnets", Set.of("poison-rate"), "size", 3L, "target", 0L);
    add(Kind.ATTACK, version, "blended", Set.of("poison-rate"), "alpha", 0.2);
    add(
        Kind.TRAIN,
        version,
        "sgd",
        Set.of(),
        "epochs",
        100L,
        "learning-rate",
        0.1,
        "milestones",
        List.of(60L, 80L),
        "schedule",
        "cosine",
        "flip",
        true);
    add(Kind.TRAIN, version, "adam", Set.of(), "epochs", 100L);
    add(Kind.DEFENSE, version, "none", Set.of());
    add(Kind.DEFENSE, version, "ft", Set.of("clean-ratio"), "epochs", 10L);
    add(Kind.DEFENSE, version, "clp", Set.of(), "u", 3.0, "eps", 0.0);
    add(Kind.DEFENSE, version, "hp", Set.of("extractor"), "keep", 0.5);
    add(Kind.DEFENSE, version, "hid", Set.of("extractor", "clean-ratio"), "rounds", 3L);
    add(Kind.EXTRACTOR, version, "simclr", Set.of(), "epochs", 100L, "temperature", 0.5);
    add(Kind.EXTRACTOR, version, "supervised", Set.of(), "epochs", 50L);
    preset(Kind.ATTACK, "blended", "faint", "alpha", 0.05);
    preset(Kind.ATTACK, "blended", "first", "alpha", 0.2);
    preset(Kind.DEFENSE, "clp", "first", "u", 3.0, "eps", 0.0);
    preset(Kind.DEFENSE, "clp", "wide", "u", 5.0, "eps", 4.0);
  }

  @Override
  public Set<String> names(Kind kind) {
    return entries.get(kind).keySet();
  }

  @Override
  public Entry entry(Kind kind, String name) {
    if (!names(kind).contains(name)) {
      throw new IllegalArgumentException("no " + name);
    }
    return entries.get(kind).get(name);
  }

  /** On gtsrb, blended has images for half a data set of poison. */
  @Override
  public Optional<String> obstacle(Victim victim) {
    boolean possible =
        victim.poisonRate() <= 0.5
            || !victim.attack().name().equals("blended")
            || !victim.dataset().name().equals("gtsrb");
    return possible
        ? Optional.empty()
        : Optional.of("blended: poison-rate " + victim.poisonRate() + " is too much for gtsrb");
  }

  private void add(Kind kind, int version, String name, Set<String> uses, Object... defaults) {
    entries
        .computeIfAbsent(kind, missing -> new LinkedHashMap<>())
        .put(name, new FakeEntry(name, version, map(defaults), new LinkedHashMap<>(), uses));
  }

  private void preset(Kind kind, String name, String preset, Object... values) {
    entry(kind, name).presets().put(preset, map(values));
  }

  private static Map<String, Object> map(Object... values) {
    Map<String, Object> map = new LinkedHashMap<>();
    for (int i = 0; i < values.length; i += 2) {
      map.put((String) values[i], values[i + 1]);
    }
    return map;
  }

  private record FakeEntry(
      String name,
      int version,
      Map<String, Object> defaults,
      Map<String, Map<String, Object>> presets,
      Set<String> uses)
      implements Entry {
    @Override
    public Map<String, Object> complete(Map<String, Object> given) {
      Map<String, Object> all = new LinkedHashMap<>(defaults);
      given.forEach((key, value) -> all.put(key, coerce(key, defaults.get(key), value)));
      require(!all.containsKey("u") || (Double) all.get("u") > 0, "u must be positive", all, "u");
      require(
          !all.containsKey("eps") || (Double) all.get("eps") < (Double) all.get("u"),
          "eps must be below u",
          all,
          "eps");
      return all;
    }

    private Object coerce(String key, Object standard, Object value) {
      if (standard instanceof Double && value instanceof Number number) {
        return number.doubleValue();
      }
      if (standard instanceof List && value instanceof List) {
        return value;
      }
      if (standard.getClass() != value.getClass()) {
        String type = standard.getClass().getSimpleName();
        throw new IllegalArgumentException(
            name + ": " + key + " must be a " + type + ", got '" + value + "'");
      }
      return value;
    }

    private void require(boolean holds, String rule, Map<String, Object> all, String key) {
      if (!holds) {
        throw new IllegalArgumentException(name + ": " + rule + ", got " + all.get(key));
      }
    }
  }
}
