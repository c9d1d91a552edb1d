package io.backdoorgrid.report.table;

import java.util.ArrayList;
import java.util.List;

/** The labels in front of the lines of a table for the eye. */
final class RowLabels {
  private RowLabels() {}

  /** Blanks those leading labels that the line above has already said. */
  static List<String> withoutRepeats(List<String> labels, List<String> above) {
    List<String> shown = new ArrayList<>();
    boolean repeats = !above.isEmpty();
    for (int i = 0; i < labels.size(); i++) {
      // The last label is the line's own.
      repeats = repeats && i < labels.size() - 1 && labels.get(i).equals(above.get(i));
      shown.add(repeats ? "" : labels.get(i));
    }
    return shown;
  }
}
