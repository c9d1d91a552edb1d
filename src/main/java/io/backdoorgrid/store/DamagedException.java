package io.backdoorgrid.store;

/**
 * A file of the store is not what was once written there. It is never deleted; committing the same
 * object again moves it to {@code .tmp} first.
 */
public final class DamagedException extends StoreException {
  private static final long serialVersionUID = 1L;

  public DamagedException(String message) {
    super(message, false);
  }
}
