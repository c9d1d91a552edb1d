package io.backdoorgrid.grid;

import io.backdoorgrid.grid.Catalog.Kind;
import java.util.List;
import java.util.Map;

/** Reads a grid file, strictly: every key and every value means something, or is a mistake. */
final class SettingsReader {
  private static final List<String> KEYS =
      List.of("name", "victims", "defenses", "extractor", "clean-ratio", "exclude", "table");

  private final Catalog catalog;
  private final ChoiceReader choices;
  private final TableReader tables;

  SettingsReader(Catalog catalog) {
    this.catalog = catalog;
    this.choices = new ChoiceReader(catalog);
    this.tables = new TableReader(catalog);
  }

  /**
   * @param name for a file that gives none
   */
  Settings read(Node.Mapping file, String name) {
    Settings settings = new Settings();
    settings.name = name;
    file.members().forEach((key, member) -> readTop(settings, key, member));
    settings.fillIn(file.place(), choices);
    return settings;
  }

  private void readTop(Settings settings, String key, Node.Member member) {
    Node value = member.value();
    switch (key) {
      case "name" -> settings.name = GridName.check(key, value);
      case "victims" -> readVictims(settings, value);
      case "defenses", "extractor", "clean-ratio" -> readAxis(settings, key, value);
      case "exclude" -> settings.exclusions = Exclusion.read(value, catalog);
      case "table" -> settings.table = tables.read(value);
      default -> throw unknown(key, member, KEYS, Settings.VICTIM_KEYS, "under victims");
    }
  }

  private void readVictims(Settings settings, Node node) {
    if (!(node instanceof Node.Mapping victims)) {
      throw node.error("victims must be a map, got " + node.shown());
    }
    for (Map.Entry<String, Node.Member> entry : victims.members().entrySet()) {
      if (!Settings.VICTIM_KEYS.contains(entry.getKey())) {
        throw unknown(
            entry.getKey(), entry.getValue(), Settings.VICTIM_KEYS, KEYS, "at the top level");
      }
      settings.victimOrder.add(entry.getKey());
      readAxis(settings, entry.getKey(), entry.getValue().value());
    }
  }

  private void readAxis(Settings settings, String key, Node node) {
    for (Kind kind : Kind.values()) {
      if (key.equals(Settings.key(kind))) {
        settings.choose(kind, choices.read(kind, node));
      }
    }
    Setting.of(key).ifPresent(setting -> settings.values.put(setting, setting.read(node)));
  }

  private static GridException unknown(
      String key, Node.Member member, List<String> here, List<String> elsewhere, String where) {
    return member
        .place()
        .error(
            elsewhere.contains(key)
                ? "misplaced key '" + key + "'; it belongs " + where
                : Names.unknown("key", key, here));
  }
}
