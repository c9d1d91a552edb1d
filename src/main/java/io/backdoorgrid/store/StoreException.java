package io.backdoorgrid.store;

/** The store could not be read or written; the message says where and why. */
public class StoreException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final boolean retryable;

  /**
   * @param retryable whether the same call may succeed later or on another machine without
   *     intervention
   */
  public StoreException(String message, boolean retryable) {
    this(message, retryable, null);
  }

  public StoreException(String message, boolean retryable, Throwable cause) {
    super(message, cause);
    this.retryable = retryable;
  }

  /**
   * Whether the same call may succeed later: true for a lost connection, false for a full disk or a
   * missing permission, which would only burn the retries.
   */
  public boolean retryable() {
    return retryable;
  }
}
