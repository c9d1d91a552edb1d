package io.backdoorgrid.store;

import java.net.InetAddress;
import java.net.UnknownHostException;

/** The machine that this process runs on, as results name it. */
public final class Host {
  private Host() {}

  /** Its name, or {@code unknown}. */
  public static String name() {
    try {
      return InetAddress.getLocalHost().getHostName();
    } catch (UnknownHostException e) {
      return "unknown";
    }
  }
}
