package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Axis.Owner;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.yaml.Node;
import java.util.ArrayList;
import java.util.List;

/** Reads a grid file, strictly: every key and every value means something, or is a mistake. */
final class SettingsReader {
  private final Catalog catalog;
  private final TableReader tables;
  private final List<String> keys;
  private final List<String> victimKeys;

  SettingsReader(Catalog catalog) {
    this.catalog = catalog;
    this.tables = new TableReader(catalog);
    this.victimKeys = catalog.axes().keys(Owner.VICTIM);
    this.keys = new ArrayList<>(List.of("name", "victims"));
    keys.addAll(catalog.axes().keys(Owner.TRIAL));
    keys.addAll(List.of("exclude", "table"));
  }

  /**
   * @param name for a file that gives none
   */
  Draft read(Node.Mapping file, String name) {
    Draft draft = new Draft(catalog);
    draft.name = name;
    file.members().forEach((key, member) -> readTop(draft, key, member));
    draft.fillIn(file.place());
    return draft;
  }

  private void readTop(Draft draft, String key, Node.Member member) {
    Node value = member.value();
    switch (key) {
      case "name" -> draft.name = GridName.check(key, value);
      case "victims" -> readVictims(draft, value);
      case "exclude" -> draft.exclusions = Exclusion.read(value, catalog);
      case "table" -> draft.table = tables.read(value);
      default -> {
        if (!keys.contains(key)) {
          throw unknown(key, member, keys, victimKeys, "under victims");
        }
        readAxis(draft, key, value);
      }
    }
  }

  private void readVictims(Draft draft, Node node) {
    if (!(node instanceof Node.Mapping victims)) {
      throw node.error("victims must be a map, got " + node.shown());
    }
    victims
        .members()
        .forEach(
            (key, member) -> {
              if (!victimKeys.contains(key)) {
                throw unknown(key, member, victimKeys, keys, "at the top level");
              }
              readAxis(draft, key, member.value());
            });
  }

  private void readAxis(Draft draft, String key, Node node) {
    draft.put(catalog.axes().written(key).orElseThrow(), node);
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
