package io.backdoorgrid.cli;

/** What the output goes to. */
final class Terminal {

  /** Set by the launcher: Java cannot tell where standard output and error go each. */
  private static final String PROPERTY = "backdoorgrid.terminal";

  private Terminal() {}

  /** Whether a person watches: lines may be redrawn and set in bold. */
  static boolean isInteractive() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** Columns, 0 if unknown. */
  static int width() {
    return Integer.getInteger(PROPERTY + ".width", 0);
  }
}
