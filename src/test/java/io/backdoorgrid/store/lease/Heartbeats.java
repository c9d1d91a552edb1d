package io.backdoorgrid.store.lease;

/** Heartbeats at the moment that a test wants them. */
public final class Heartbeats {

  private Heartbeats() {}

  public static void beat(Lease lease) {
    lease.beat();
  }
}
