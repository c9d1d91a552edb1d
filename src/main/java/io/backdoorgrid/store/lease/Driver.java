package io.backdoorgrid.store.lease;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Host;
import io.backdoorgrid.store.Ids;
import io.backdoorgrid.store.row.DigestedCsv;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;

/**
 * A process that runs grids into a store, as its lease names it.
 *
 * @param token tells it from every other one
 * @param machine the kernel and the space of process ids that {@code process} means something in;
 *     containers may share a host's name but not these
 * @param since when it took the lease, in ISO 8601
 */
record Driver(String token, String user, String host, String machine, long process, String since) {
  private static final Path BOOT = Path.of("/proc/sys/kernel/random/boot_id");
  private static final Path PROCESS_IDS = Path.of("/proc/self/ns/pid");

  Driver {
    Ids.require(token, "a driver's token");
  }

  static Driver current() {
    return new Driver(
        UUID.randomUUID().toString().replace("-", "").substring(0, 16),
        System.getProperty("user.name", "unknown"),
        Host.name(),
        thisMachine(),
        ProcessHandle.current().pid(),
        Instant.now().truncatedTo(ChronoUnit.SECONDS).toString());
  }

  /** Whether it is known to have ended; only its own machine can tell. */
  boolean hasEnded() {
    return machine.equals(thisMachine())
        && ProcessHandle.of(process).filter(ProcessHandle::isAlive).isEmpty();
  }

  byte[] encode() {
    Map<String, String> columns = new LinkedHashMap<>();
    columns.put("token", token);
    columns.put("user", user);
    columns.put("host", host);
    columns.put("machine", machine);
    columns.put("process", Long.toString(process));
    columns.put("since", since);
    return DigestedCsv.encode(columns);
  }

  static Driver decode(byte[] bytes) throws DamagedException {
    Map<String, String> columns = DigestedCsv.decode(bytes);
    try {
      return new Driver(
          columns.get("token"),
          columns.getOrDefault("user", ""),
          columns.getOrDefault("host", ""),
          columns.getOrDefault("machine", ""),
          Long.parseLong(columns.getOrDefault("process", "")),
          columns.getOrDefault("since", ""));
    } catch (IllegalArgumentException e) {
      throw new DamagedException("holds an impossible driver: " + e.getMessage());
    }
  }

  /** As messages speak of it: {@code ada@node7, process 4711, since 2026-01-01T00:00:00Z}. */
  @Override
  public String toString() {
    return "%s@%s, process %d, since %s".formatted(user, host, process, since);
  }

  private static String thisMachine() {
    try {
      return Files.readString(BOOT).strip() + " " + Files.readSymbolicLink(PROCESS_IDS);
    } catch (IOException e) {
      // Not Linux.
      return Host.name();
    }
  }
}
