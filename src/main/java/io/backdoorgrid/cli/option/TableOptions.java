package io.backdoorgrid.cli.option;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.cli.screen.Terminal;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.report.published.PaperSettings;
import io.backdoorgrid.report.published.Published;
import io.backdoorgrid.report.table.Table;
import io.backdoorgrid.report.table.TableFormat;
import io.backdoorgrid.report.table.Tables;
import io.backdoorgrid.report.table.TerminalTable;
import io.backdoorgrid.run.schedule.PlanStatus;
import java.io.PrintWriter;
import java.util.Optional;
import picocli.CommandLine.Option;

/** How a table is written. */
public final class TableOptions {

  private static final String PUBLISHED = "results/published";
  private static final String TERMINAL = "terminal";

  @Option(
      names = "--format",
      paramLabel = "NAME",
      description = "terminal, markdown, csv, latex or json; default: ${DEFAULT-VALUE}",
      defaultValue = TERMINAL)
  private String format;

  @Option(
      names = "--strict",
      description =
          "refuses a table of results that differ in data, commit, device or libraries, or of which"
              + " files are damaged")
  private boolean strict;

  /**
   * @throws UsageException if the format or the published table does not exist
   */
  public void check(Plan plan) {
    format();
    published(plan);
  }

  /**
   * Prints the table, or why it is refused.
   *
   * @return whether it was printed
   */
  public boolean print(PlanStatus workload, PrintWriter out, PrintWriter err) {
    Plan plan = workload.plan();
    Table table =
        Tables.build(
            plan, workload.rows(), workload.failures(), workload.damaged(), published(plan));
    if (strict && !table.doubts().isEmpty()) {
      table.doubts().forEach(doubt -> err.println("--strict: " + doubt));
      return false;
    }
    out.print(format().render(table));
    return true;
  }

  private TableFormat format() {
    if (format.equals(TERMINAL)) {
      return new TerminalTable(Terminal.isInteractive(), Terminal.width());
    }
    try {
      return TableFormat.named(format);
    } catch (IllegalArgumentException e) {
      throw new UsageException("--format: " + e.getMessage());
    }
  }

  private static Optional<Published> published(Plan plan) {
    try {
      return plan.table()
          .published()
          .map(
              name ->
                  Published.load(
                      Home.directory().resolve(PUBLISHED),
                      name,
                      new PaperSettings(new Algorithms(), plan)));
    } catch (IllegalArgumentException e) {
      throw new UsageException(e.getMessage());
    }
  }
}
