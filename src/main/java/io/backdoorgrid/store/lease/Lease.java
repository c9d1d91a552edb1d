package io.backdoorgrid.store.lease;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.disk.Reason;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;

/**
 * The right to be the one driver of a store.
 *
 * <p>{@code lease/driver.csv} names the holder and never changes; it appears in one step and only
 * where there is none. Beside it, under the holder's token, a file is written anew every few
 * seconds. A holder whose file has not been written for long, or whose process is known to have
 * ended, is dead, and its lease is moved aside. A live holder that was considered dead notices at
 * its next heartbeat that it has lost the lease. Ages are measured by the clock that dates the
 * files, so the clocks of two hosts need not agree. A file that is dated in the future, since that
 * clock once ran ahead, would not age: whoever finds it writes a heartbeat for its holder, which
 * does.
 *
 * <p>The lease saves work, not results: those are safe with any number of drivers.
 */
public final class Lease implements AutoCloseable {
  public static final String FOLDER = "lease";
  private static final String DRIVER = "driver.csv";

  /** The token of a driver that cannot be read. */
  private static final String UNREADABLE = "unreadable";

  private static final byte[] BEAT = {'\n'};

  private static final Duration HEARTBEAT = Duration.ofSeconds(15);

  /** A driver, or its file system, may pause for this long without being considered dead. */
  private static final Duration DEATH = Duration.ofMinutes(3);

  private static final Duration GLANCE = Duration.ofSeconds(2);
  private static final int ATTEMPTS = 5;

  private final Disk disk;
  private final Driver me;
  private final ScheduledExecutorService clock =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "store-lease");
            thread.setDaemon(true);
            return thread;
          });
  private Optional<Driver> lostTo = Optional.empty();
  private Runnable alarm = () -> {};

  private Lease(Disk disk, Driver me) {
    this.disk = disk;
    this.me = me;
    clock.scheduleWithFixedDelay(
        this::beat, HEARTBEAT.toMillis(), HEARTBEAT.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Another driver has it. */
  private static final class HeldException extends StoreException {
    private static final long serialVersionUID = 1L;

    private HeldException(Disk disk, String holder, long silence) {
      super(
          "%s is being written by %s (last heartbeat %d s ago); --wait waits until it ends"
              .formatted(
                  Reason.show(disk.root()), holder, TimeUnit.MILLISECONDS.toSeconds(silence)),
          false);
    }
  }

  /**
   * @throws StoreException if another driver has it, which the message names
   */
  public static Lease take(Disk disk) {
    Driver me = Driver.current();
    try {
      for (int i = 0; i < ATTEMPTS; i++) {
        removeDead(disk, me);
        if (create(disk, me)) {
          return new Lease(disk, me);
        }
      }
    } catch (IOException e) {
      throw Reason.exception("take the lease of", disk.root(), e);
    }
    throw new StoreException(
        "cannot take the lease of %s, in %d attempts".formatted(Reason.show(disk.root()), ATTEMPTS),
        true);
  }

  /**
   * Waits until no other driver has it.
   *
   * @param told why it waits, whenever the holder changes
   */
  public static Lease await(Disk disk, Consumer<String> told) {
    Optional<Driver> before = Optional.empty();
    while (true) {
      try {
        return take(disk);
      } catch (HeldException e) {
        Optional<Driver> holder = peek(disk);
        if (holder.isPresent() && !holder.equals(before)) {
          told.accept("waiting: " + holder.get() + " is writing " + Reason.show(disk.root()));
          before = holder;
        }
      } catch (StoreException e) {
        if (!e.retryable()) {
          throw e;
        }
      }
      try {
        Thread.sleep(GLANCE.toMillis());
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        throw new StoreException("interrupted while waiting for a lease", true, e);
      }
    }
  }

  /**
   * Who has it, or had it until it was killed. Nothing is written to find out, so a holder on
   * another machine lives if its heartbeat is fresh by the clock of this one.
   */
  public static Optional<Holder> holder(Disk disk) {
    return peek(disk)
        .map(
            driver ->
                new Holder(
                    driver.toString(),
                    !driver.hasEnded() && lastSign(disk, driver) < DEATH.toMillis()));
  }

  /** Milliseconds by our clock. */
  private static long lastSign(Disk disk, Driver driver) {
    try {
      Path heartbeat = heartbeat(disk, driver);
      Path written = disk.exists(heartbeat) ? heartbeat : file(disk);
      return System.currentTimeMillis() - disk.modified(written);
    } catch (IOException e) {
      return Long.MAX_VALUE; // it is gone by now
    }
  }

  /** Calls {@code alarm}, once, when the lease is found to be another's; at once if it is. */
  public synchronized void whenLost(Runnable alarm) {
    this.alarm = alarm;
    if (lostTo.isPresent()) {
      alarm.run();
    }
  }

  /** Who has taken over from us, in words, if someone has. */
  public synchronized Optional<String> lostTo() {
    return lostTo.map(Driver::toString);
  }

  /**
   * @param work that goes on, such as {@code compaction}
   * @throws StoreException if another driver has taken over
   */
  public void requireHeld(String work) {
    lostTo()
        .ifPresent(
            driver -> {
              throw new StoreException(
                  "the %s was cut off: %s took over".formatted(work, driver), true);
            });
  }

  /** Says that this driver lives, unless the lease is another's by now. */
  synchronized void beat() {
    try {
      // A driver that removed ours by mistake puts it back; a lease that a person deletes is made
      // again.
      Optional<Driver> holder = create(disk, me) ? Optional.of(me) : read(disk);
      if (holder.equals(Optional.of(me))) {
        disk.overwrite(heartbeat(disk, me), BEAT);
      } else if (holder.isPresent()) {
        lostTo = holder;
        clock.shutdown();
        alarm.run();
      }
    } catch (IOException | RuntimeException e) {
      // Unreachable or unreadable for now; others wait before they consider us dead. Whatever a
      // file system throws, the next heartbeat has to follow.
    }
  }

  /** Gives it back. */
  @Override
  public void close() {
    clock.shutdownNow();
    synchronized (this) {
      if (peek(disk).equals(Optional.of(me))) {
        disk.discard(heartbeat(disk, me));
        disk.discard(file(disk));
      }
    }
  }

  /**
   * Moves the lease of a dead driver aside; one whose owner cannot be read only ages. Our own may
   * stand there, put back by another who had taken it for the dead one's.
   */
  private static void removeDead(Disk disk, Driver me) throws IOException {
    Optional<Driver> holder;
    try {
      holder = read(disk);
    } catch (DamagedException e) {
      Path heartbeat = disk.path(FOLDER, UNREADABLE);
      long silence = silence(disk, heartbeat);
      if (silence < DEATH.toMillis()) {
        throw new HeldException(disk, "a driver whose lease cannot be read", silence);
      }
      disk.move(file(disk), disk.scratch("damaged-" + DRIVER));
      disk.discard(heartbeat);
      return;
    }
    if (holder.isEmpty() || holder.get().equals(me)) {
      return;
    }
    Driver driver = holder.get();
    long silence = silence(disk, heartbeat(disk, driver));
    if (silence < DEATH.toMillis() && !driver.hasEnded()) {
      throw new HeldException(disk, driver.toString(), silence);
    }
    Path aside = disk.scratch(DRIVER);
    try {
      disk.move(file(disk), aside);
    } catch (IOException e) {
      return; // Another driver was faster, or the next attempt tells.
    }
    if (!Driver.decode(disk.read(aside)).equals(driver)) {
      // Another driver was faster still, and this is its lease.
      disk.place(aside, file(disk));
    }
    disk.discard(aside);
    disk.discard(heartbeat(disk, driver));
  }

  /** Whether the lease is ours then. */
  private static boolean create(Disk disk, Driver me) throws IOException {
    if (disk.exists(file(disk))) {
      return read(disk).equals(Optional.of(me));
    }
    Path scratch = disk.scratch(DRIVER);
    disk.write(scratch, me.encode());
    try {
      disk.place(scratch, file(disk));
    } catch (IOException e) {
      // What stands there decides.
    }
    disk.discard(scratch);
    return read(disk).equals(Optional.of(me));
  }

  private static Optional<Driver> read(Disk disk) throws IOException {
    try {
      return Optional.of(Driver.decode(disk.read(file(disk))));
    } catch (FileNotFoundException e) {
      return Optional.empty();
    }
  }

  private static Optional<Driver> peek(Disk disk) {
    try {
      return read(disk);
    } catch (IOException | DamagedException e) {
      return Optional.empty();
    }
  }

  /** Milliseconds since the last heartbeat, or since the lease was taken if none came yet. */
  private static long silence(Disk disk, Path heartbeat) throws IOException {
    long age = age(disk, heartbeat);
    if (age == Long.MAX_VALUE) {
      age = age(disk, file(disk));
    }
    if (age < 0) {
      disk.overwrite(heartbeat, BEAT);
      return 0;
    }
    return age;
  }

  /**
   * Milliseconds since a file was written, below 0 if a clock was ahead; without end if it is not
   * there.
   */
  private static long age(Disk disk, Path path) throws IOException {
    try {
      long written = disk.modified(path);
      return disk.now() - written;
    } catch (FileNotFoundException e) {
      return Long.MAX_VALUE;
    }
  }

  private static Path file(Disk disk) {
    return disk.path(FOLDER, DRIVER);
  }

  private static Path heartbeat(Disk disk, Driver driver) {
    return disk.path(FOLDER, driver.token());
  }
}
