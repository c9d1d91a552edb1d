package io.backdoorgrid.cli;

/** A mistake on the command line that picocli cannot see. */
final class UsageException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  UsageException(String message) {
    super(message);
  }
}
