package io.backdoorgrid.cli.screen;

import io.backdoorgrid.grid.Axis;
import io.backdoorgrid.grid.Axis.Owner;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.Trial;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;

/** Names cells of a grid in one line. */
public final class Cells {

  private static final String ATTACK = "attack";
  private static final String DEFENSE = "defense";

  private final Map<String, Map<String, Set<String>>> shown = new HashMap<>();
  private final List<Axis> ofVictims;
  private final List<Axis> ofTrials;

  private Cells(Plan plan) {
    for (Axis axis : plan.axes().all()) {
      if (axis.kind().isPresent()) {
        shown.put(axis.key(), Spec.differing(Trial.specs(plan.cells(), axis.key())));
      }
    }
    ofVictims = varying(plan, Owner.VICTIM);
    ofTrials = varying(plan, Owner.TRIAL);
  }

  /** What the cells of a plan differ by, attack and defense in any case. */
  public static Function<Trial, String> labels(Plan plan) {
    return new Cells(plan)::label;
  }

  private static List<Axis> varying(Plan plan, Owner owner) {
    return plan.axes().of(owner).stream()
        .filter(axis -> !Set.of(ATTACK, DEFENSE).contains(axis.key()))
        .filter(axis -> varies(plan.cells(), axis))
        .toList();
  }

  /** Among the cells that it counts for. */
  private static boolean varies(List<Trial> cells, Axis axis) {
    return cells.stream()
            .filter(cell -> counts(cell, axis))
            .map(cell -> axis.kind().isPresent() ? cell.spec(axis.key()) : cell.text(axis.key()))
            .distinct()
            .limit(2)
            .count()
        > 1;
  }

  private static boolean counts(Trial cell, Axis axis) {
    return !axis.label(cell.text(axis.key())).isEmpty();
  }

  private String label(Trial cell) {
    var parts = new ArrayList<String>();
    parts.add(algorithm(cell, ATTACK));
    ofVictims.forEach(
        axis ->
            parts.add(
                axis.kind().isPresent()
                    ? algorithm(cell, axis.key())
                    : axis.key() + " " + cell.text(axis.key())));
    var defended = new StringBuilder(algorithm(cell, DEFENSE));
    for (Axis axis : ofTrials) {
      if (counts(cell, axis)) {
        defended.append(
            axis.kind().isPresent()
                ? " on " + algorithm(cell, axis.key())
                : " with " + axis.key() + " " + cell.text(axis.key()));
      }
    }
    parts.add(defended.toString());
    return String.join(", ", parts);
  }

  private String algorithm(Trial cell, String axis) {
    return cell.spec(axis).label(shown.get(axis));
  }
}
