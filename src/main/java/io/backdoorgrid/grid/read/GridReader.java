package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.grid.VictimId;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import io.backdoorgrid.grid.yaml.YamlFile;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Reads grid files. */
public final class GridReader {
  private GridReader() {}

  /**
   * The plan of the grid {@code file}, with profile and options laid over it.
   *
   * @param catalog what the file may name
   * @throws GridException with one message for a person, if anything is wrong with the file or the
   *     overrides
   */
  public static Plan read(Path file, Catalog catalog, Overrides overrides) {
    Node.Mapping root = YamlFile.read(file, "grid");
    Draft draft = new SettingsReader(catalog).read(root, GridName.of(YamlFile.stem(file)));
    DraftOverlay overlay = new DraftOverlay(catalog, draft);
    List<String> caption =
        overrides
            .profile()
            .map(Profile::read)
            .map(
                profile -> {
                  overlay.apply(profile);
                  return List.of(profile.caption());
                })
            .orElse(List.of());
    overrides.set().forEach(overlay::apply);
    draft.requireComplete(root.place());
    Expansion expansion = new Expansion(draft, catalog, root.place());
    if (expansion.trials().isEmpty()) {
      throw Place.of(file).error("exclude drops every cell of this grid");
    }
    requireUsed(expansion.unused(), root, catalog);
    List<Trial> cells = Selection.select(expansion.trials(), overrides, catalog);
    return new Plan(
        catalog.axes(),
        draft.name,
        cells,
        skipped(cells, catalog),
        expansion.duplicates(),
        expansion.excluded(),
        draft.table,
        caption,
        Collections.unmodifiableMap(draft.plain()));
  }

  /**
   * An exclusion to which profile and options have left no cell is none the worse. One that the
   * file itself gives nothing to do is a mistake.
   */
  private static void requireUsed(Set<Exclusion> unused, Node.Mapping root, Catalog catalog) {
    if (unused.isEmpty()) {
      return;
    }
    Draft written = new SettingsReader(catalog).read(root, "as written");
    if (written.isComplete()) {
      new Expansion(written, catalog, root.place())
          .unused().stream()
              .findFirst()
              .ifPresent(
                  exclusion -> {
                    throw exclusion.place().error("exclude matches no cell of this grid");
                  });
    }
  }

  private static Map<VictimId, String> skipped(List<Trial> cells, Catalog catalog) {
    Map<VictimId, String> skipped = new HashMap<>();
    Set<VictimId> asked = new HashSet<>();
    for (Trial cell : cells) {
      Victim victim = cell.victim();
      if (asked.add(victim.id())) {
        catalog.obstacle(victim).ifPresent(reason -> skipped.put(victim.id(), reason));
      }
    }
    return Collections.unmodifiableMap(skipped);
  }
}
