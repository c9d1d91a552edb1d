package io.backdoorgrid.cli.screen;

/** What the output goes to. */
public final class Terminal {

  /** Set by the launcher: Java cannot tell where standard output and error go each. */
  private static final String PROPERTY = "backdoorgrid.terminal";

  private Terminal() {}

  /** Whether a person watches: lines may be redrawn and set in bold. */
  public static boolean isInteractive() {
    return Boolean.getBoolean(PROPERTY);
  }

  /** Columns, 0 if unknown. */
  public static int width() {
    return Integer.getInteger(PROPERTY + ".width", 0);
  }
}
