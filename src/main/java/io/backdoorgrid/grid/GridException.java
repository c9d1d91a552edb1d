package io.backdoorgrid.grid;

/**
 * A mistake in a grid file or an override, told to the person who wrote it: where, what, and what
 * to do.
 */
public final class GridException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public GridException(String message) {
    // It quotes files of unknown origin: one line, without control characters.
    super(Names.harmless(message));
  }
}
