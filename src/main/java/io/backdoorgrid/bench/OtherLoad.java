package io.backdoorgrid.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.OptionalDouble;

/**
 * The load of other processes on this machine since this object was made, as Linux counts it.
 *
 * <p>Operators on several threads wait for the slowest one: another process on one core stops all.
 */
final class OtherLoad {

  private static final Path MACHINE = Path.of("/proc/stat");
  private static final Path PROCESS = Path.of("/proc/self/stat");
  private static final int IDLE = 3;
  private static final int WAITING = 4;
  private static final int GUEST = 8;

  /** Position of the time in user mode behind the closing bracket of the process's name. */
  private static final int USER = 11;

  private static final double TICKS_PER_SECOND = 100;

  private final long start = System.nanoTime();
  private final OptionalDouble othersAtStart = others();

  /** Cores that others used, on average; empty where the system does not tell. */
  OptionalDouble cores() {
    OptionalDouble now = others();
    if (now.isEmpty() || othersAtStart.isEmpty()) {
      return OptionalDouble.empty();
    }
    double seconds = (System.nanoTime() - start) / 1e9;
    return OptionalDouble.of(
        Math.max(0, (now.getAsDouble() - othersAtStart.getAsDouble()) / seconds));
  }

  /** Seconds of computing by all other processes since the machine was started. */
  private static OptionalDouble others() {
    try {
      return OptionalDouble.of((machineTicks() - ownTicks()) / TICKS_PER_SECOND);
    } catch (IOException | RuntimeException e) {
      return OptionalDouble.empty(); // not Linux
    }
  }

  private static long machineTicks() throws IOException {
    String[] fields = Files.readAllLines(MACHINE).get(0).trim().split(" +");
    long[] ticks = Arrays.stream(fields).skip(1).mapToLong(Long::parseLong).toArray();
    long busy = 0;
    for (int i = 0; i < Math.min(ticks.length, GUEST); i++) {
      busy += i == IDLE || i == WAITING ? 0 : ticks[i];
    }
    return busy;
  }

  private static long ownTicks() throws IOException {
    String stat = Files.readString(PROCESS);
    String[] fields = stat.substring(stat.lastIndexOf(')') + 2).split(" ");
    return Long.parseLong(fields[USER]) + Long.parseLong(fields[USER + 1]);
  }
}
