package io.backdoorgrid.data;

/**
 * A data file is missing, damaged or of the wrong format; the message names it and says what was
 * expected.
 */
public final class BadDataException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public BadDataException(String message) {
    super(message);
  }

  public BadDataException(String message, Throwable cause) {
    super(message, cause);
  }
}
