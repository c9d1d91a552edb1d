package io.backdoorgrid.cli;

import io.backdoorgrid.cli.screen.Terminal;
import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import java.io.PrintWriter;
import java.util.HashSet;
import java.util.Map;
import java.util.Scanner;
import java.util.Set;
import java.util.stream.Collectors;
import picocli.CommandLine.Option;

/** Takes the results of a plan out of a store, after it was shown what that is. */
final class Forgetting {

  @Option(
      names = "--victims",
      description = "removes the trained victims, too, unless another result uses them")
  private boolean withVictims;

  @Option(names = "--dry-run", description = "only shows what would be removed")
  private boolean dryRun;

  @Option(names = "--yes", description = "does not ask")
  private boolean yes;

  /** What there is of a plan. */
  private record Found(Set<String> trials, int rows, int failures, Set<String> victims) {}

  /**
   * Removes results.
   *
   * @param consequence that follows, such as {@code , and runs them again}
   * @return whether they are removed; a dry run, or a person who says no, leaves all as it is
   */
  boolean apply(Plan plan, Store store, String out, String consequence, PrintWriter screen) {
    Found found = find(plan, store);
    screen.printf(
        "%s: %s %s, %s and %s from %s%s%n",
        plan.name(),
        dryRun ? "would remove" : "removes",
        Counts.of(found.rows(), "row"),
        Counts.of(found.failures(), "failure"),
        Counts.of(found.victims().size(), "victim"),
        out,
        consequence);
    screen.flush();
    if (dryRun || !agreed(screen)) {
      return false;
    }
    store.forget(found.trials());
    found.victims().forEach(id -> store.removeObject(ObjectKind.VICTIM, id));
    return true;
  }

  private boolean agreed(PrintWriter screen) {
    if (yes) {
      return true;
    }
    if (!Terminal.isInteractive()) {
      throw new UsageException("nothing was removed; add --yes to agree, or --dry-run to look");
    }
    screen.print("go on? [y/N] ");
    screen.flush();
    var in = new Scanner(System.in);
    return in.hasNextLine() && in.nextLine().strip().matches("(?i)y(es)?");
  }

  private Found find(Plan plan, Store store) {
    Set<String> trials =
        plan.trials().stream().map(trial -> trial.id().toString()).collect(Collectors.toSet());
    Map<String, Row> rows = store.rows(Set.of(Row.VICTIM)).byTrial();
    int failures = (int) store.failures().keySet().stream().filter(trials::contains).count();
    Set<String> victims = new HashSet<>();
    if (withVictims) {
      plan.trials().stream()
          .map(Trial::victim)
          .forEach(victim -> victims.add(victim.id().toString()));
      victims.retainAll(store.objects(ObjectKind.VICTIM));
      rows.forEach(
          (id, row) -> {
            if (!trials.contains(id)) {
              victims.remove(row.text(Row.VICTIM));
            }
          });
    }
    int count = (int) rows.keySet().stream().filter(trials::contains).count();
    return new Found(trials, count, failures, victims);
  }
}
