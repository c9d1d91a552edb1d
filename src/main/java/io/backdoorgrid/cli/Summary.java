package io.backdoorgrid.cli;

import io.backdoorgrid.run.Workload;

/** How far a plan is, in one line. */
final class Summary {

  private Summary() {}

  static String of(Workload workload, String out) {
    var text = new StringBuilder();
    text.append(
        "%,d of %,d trials done"
            .formatted(workload.rows().size(), workload.plan().trials().size()));
    if (!workload.failures().isEmpty()) {
      text.append(
          ", %,d failed (--retry-failed tries them again)".formatted(workload.failures().size()));
    }
    if (!workload.pending().isEmpty()) {
      text.append(", %,d to do".formatted(workload.pending().size()));
    }
    return text.append("; results in ").append(out).toString();
  }
}
