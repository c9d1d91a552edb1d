package io.backdoorgrid.cli;

/** A mistake on the command line that Picocli cannot detect. */
public final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public UsageException(String message) {
    super(message);
  }
}
