package io.backdoorgrid.cli;

import io.backdoorgrid.bench.Machine;
import io.backdoorgrid.bench.Measurement;
import java.io.PrintWriter;
import java.util.Locale;

/** Prints measurements as they arrive, a heading for each subject. */
final class BenchLines {

  private static final double LARGE = 100;
  private static final double SMALL = 0.1;

  private final PrintWriter out;
  private String subject = "";

  BenchLines(PrintWriter out) {
    this.out = out;
  }

  void machine(Machine machine) {
    out.printf(
        "%s%s, %d of %d cores, Java %s, libtorch %s%n",
        machine.gpu().isEmpty() ? "" : machine.gpu() + ", ",
        machine.processor(),
        machine.threads(),
        machine.cores(),
        machine.java(),
        machine.torch());
    out.printf("%-42s %9s   %s%n", "", "median", "lowest to highest");
    out.flush();
  }

  void measured(Measurement measurement) {
    if (!measurement.subject().equals(subject)) {
      subject = measurement.subject();
      out.println(subject);
    }
    String spread =
        measurement.values().size() == 1
            ? ""
            : "%s to %s".formatted(text(measurement.lowest()), text(measurement.highest()));
    out.printf(
        "  %-40s %9s %-8s %s%n",
        measurement.quantity(), text(measurement.median()), measurement.unit(), spread);
    out.flush();
  }

  private static String text(double value) {
    String format = Math.abs(value) >= LARGE ? "%.0f" : Math.abs(value) >= SMALL ? "%.2f" : "%.4f";
    return String.format(Locale.ROOT, format, value);
  }
}
