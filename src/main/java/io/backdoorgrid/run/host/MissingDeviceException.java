package io.backdoorgrid.run.host;

import io.backdoorgrid.store.Host;

/** Libtorch cannot compute on a GPU that Spark gave; it may on another machine. */
public final class MissingDeviceException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  MissingDeviceException(String address, String reason) {
    super(
        "libtorch does not compute on GPU %s, which Spark gave to the task on %s: %s"
            .formatted(address, Host.name(), reason));
  }
}
