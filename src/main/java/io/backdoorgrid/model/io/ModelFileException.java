package io.backdoorgrid.model.io;

/**
 * A file that is no model, is damaged, or asks for more than a model needs; one line says which.
 */
public final class ModelFileException extends RuntimeException {
  private static final long serialVersionUID = 1;

  public ModelFileException(String message) {
    super(message);
  }

  static void require(boolean condition, String message, Object... values) {
    if (!condition) {
      throw new ModelFileException(message.formatted(values));
    }
  }
}
