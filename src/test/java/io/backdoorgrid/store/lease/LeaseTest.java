package io.backdoorgrid.store.lease;

import static io.backdoorgrid.store.Samples.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backdoorgrid.store.FlakyFileSystem;
import io.backdoorgrid.store.FlakyFileSystem.Fault;
import io.backdoorgrid.store.Host;
import io.backdoorgrid.store.Samples;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

class LeaseTest {
  private static final String TOKEN = "00000000000000cc";
  private static final Driver ELSEWHERE =
      new Driver(TOKEN, "ada", "node7", "another kernel", 4711, "2026-01-01T00:00:00Z");

  @TempDir Path folder;
  private Store store;
  private Path file;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
    file = folder.resolve("lease/driver.csv");
  }

  private static void age(Path file, Duration age) throws IOException {
    Files.setLastModifiedTime(file, FileTime.from(Instant.now().minus(age)));
  }

  private Driver holder() throws IOException {
    return Driver.decode(Files.readAllBytes(file));
  }

  @Test
  void tellsASecondDriverWhoHoldsIt() throws IOException {
    try (Lease lease = store.lease()) {
      assertThatThrownBy(store::lease)
          .isInstanceOf(StoreException.class)
          .hasMessageMatching(
              "%s is being written by %s@%s, process %d, since [-0-9]+T[:0-9]+Z \\(last heartbeat [01] s ago\\); --wait waits until it ends"
                  .formatted(
                      folder,
                      System.getProperty("user.name"),
                      Host.name(),
                      ProcessHandle.current().pid()));
      assertThat(lease.lostTo()).isEmpty();
    }
  }

  @Test
  void leavesNothingBehind() {
    try (Lease lease = store.lease()) {
      lease.beat();
      assertThat(tree(folder)).hasSize(2).contains("lease/driver.csv");
    }
    assertThat(tree(folder)).isEmpty();
    store.lease().close();
  }

  @Test
  void isNotNeededToReadAndToCommit() {
    try (Lease lease = store.lease()) {
      assertThat(Samples.local(folder).commitRow(Samples.row(Samples.TRIAL))).isTrue();
      assertThat(store.rows().byTrial().keySet()).hasSize(1);
      assertThat(lease.lostTo()).isEmpty();
    }
  }

  @Test
  void hasOneWinnerAmongMany() throws Exception {
    for (int round = 0; round < 20; round++) {
      List<Optional<Lease>> taken = Samples.atOnce(8, this::tryToTake);
      List<Lease> winners = taken.stream().flatMap(Optional::stream).toList();
      assertThat(winners).hasSize(1);
      winners.get(0).close();
    }
    assertThat(tree(folder)).isEmpty();
  }

  @Test
  void hasOneWinnerAmongManyHeirs() throws Exception {
    for (int round = 0; round < 20; round++) {
      Files.write(file, ELSEWHERE.encode());
      age(file, Duration.ofHours(1));
      List<Lease> winners =
          Samples.atOnce(8, this::tryToTake).stream().flatMap(Optional::stream).toList();
      winners.forEach(Lease::beat);
      // Whoever took a new lease for the dead one's has put it back, or its owner notices now.
      assertThat(winners).filteredOn(lease -> lease.lostTo().isEmpty()).hasSize(1);
      winners.forEach(Lease::close);
      assertThat(file).doesNotExist();
    }
  }

  private Optional<Lease> tryToTake() {
    try {
      return Optional.of(store.lease());
    } catch (StoreException e) {
      return Optional.empty();
    }
  }

  @Test
  void passesFromAProcessOfThisMachineThatHasEnded() throws Exception {
    Process process = new ProcessBuilder("true").start();
    process.waitFor();
    Driver me = Driver.current();
    Files.write(
        file,
        new Driver(TOKEN, "ada", me.host(), me.machine(), process.pid(), me.since()).encode());
    Files.writeString(folder.resolve("lease/" + TOKEN), "");

    try (Lease lease = store.lease()) {
      assertThat(holder().process()).isEqualTo(me.process());
      assertThat(tree(folder)).containsExactly("lease/driver.csv");
      assertThat(lease.lostTo()).isEmpty();
    }
  }

  @Test
  void passesFromAnotherMachineWhenItsHeartbeatIsOld() throws IOException {
    Files.write(file, ELSEWHERE.encode());
    Path heartbeat = Files.writeString(folder.resolve("lease/" + TOKEN), "");
    age(file, Duration.ofDays(1));
    age(heartbeat, Duration.ofMillis(120_500));
    assertThatThrownBy(store::lease)
        .hasMessageContaining(
            "is being written by ada@node7, process 4711, since 2026-01-01T00:00:00Z (last heartbeat 120 s ago)");

    age(heartbeat, Duration.ofMinutes(4));
    try (Lease lease = store.lease()) {
      assertThat(holder()).isNotEqualTo(ELSEWHERE);
      assertThat(heartbeat).doesNotExist();
      assertThat(lease.lostTo()).isEmpty();
    }
  }

  /** Its holder's clock ran ahead by a day; from the first look on it is as old as any other. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void ofTheFutureAgesFromTheFirstLook(boolean hasBeaten) throws IOException {
    Files.write(file, ELSEWHERE.encode());
    age(file, Duration.ofDays(-1));
    Path heartbeat = folder.resolve("lease/" + TOKEN);
    if (hasBeaten) {
      age(Files.writeString(heartbeat, ""), Duration.ofDays(-1));
    }
    assertThatThrownBy(store::lease)
        .hasMessageContaining("by ada@node7, process 4711")
        .hasMessageContaining("(last heartbeat 0 s ago)");
    assertThat(file).hasBinaryContent(ELSEWHERE.encode());

    age(heartbeat, Duration.ofMillis(120_500));
    assertThatThrownBy(store::lease).hasMessageContaining("(last heartbeat 120 s ago)");
    age(heartbeat, Duration.ofMinutes(4));
    store.lease().close();
    assertThat(tree(folder)).isEmpty();
  }

  @Test
  void ofTheFutureIsKeptByAHeartbeat() throws IOException {
    try (Lease lease = store.lease()) {
      age(file, Duration.ofDays(-1));
      assertThatThrownBy(store::lease).hasMessageContaining("(last heartbeat 0 s ago)");
      lease.beat();
      assertThat(lease.lostTo()).isEmpty();
      assertThatThrownBy(store::lease).hasMessageContaining("(last heartbeat 0 s ago)");
    }
    assertThat(tree(folder)).isEmpty();
  }

  @Test
  void isKeptByAHeartbeat() throws IOException {
    try (Lease lease = store.lease()) {
      age(file, Duration.ofHours(1));
      lease.beat();
      assertThatThrownBy(store::lease).hasMessageContaining("(last heartbeat 0 s ago)");
    }
  }

  @Test
  void isMissedAtTheNextHeartbeat() throws IOException {
    var alarms = new AtomicInteger();
    Lease first = store.lease();
    first.whenLost(alarms::incrementAndGet);
    age(file, Duration.ofHours(1));
    try (Lease second = store.lease()) {
      byte[] theirs = Files.readAllBytes(file);

      first.beat();
      first.close();

      assertThat(alarms).hasValue(1);
      assertThat(first.lostTo()).hasValue(holder().toString());
      assertThat(file).hasBinaryContent(theirs);
      second.beat();
      assertThat(second.lostTo()).isEmpty();
    }
    first.whenLost(alarms::incrementAndGet);
    assertThat(alarms).hasValue(2);
  }

  @Test
  void isMadeAgainAfterItWasDeletedByHand() throws IOException {
    try (Lease lease = store.lease()) {
      byte[] ours = Files.readAllBytes(file);
      Files.delete(file);
      lease.beat();
      assertThat(file).hasBinaryContent(ours);
    }
  }

  @Test
  void agesWhereItsOwnerCannotBeRead() throws IOException {
    Files.writeString(file, "half of a dri");
    assertThatThrownBy(store::lease)
        .hasMessageContaining("is being written by a driver whose lease cannot be read");
    age(file, Duration.ofDays(-1));
    assertThatThrownBy(store::lease).hasMessageContaining("(last heartbeat 0 s ago)");
    age(folder.resolve("lease/unreadable"), Duration.ofMinutes(4));
    store.lease().close();
    assertThat(store.leftovers()).singleElement().asString().contains("damaged-driver.csv");
  }

  @Test
  void isAwaited() throws Exception {
    List<String> told = new ArrayList<>();
    var waits = new CompletableFuture<Void>();
    Lease first = store.lease();
    var second =
        CompletableFuture.supplyAsync(
            () ->
                store.awaitLease(
                    reason -> {
                      told.add(reason);
                      waits.complete(null);
                    }));
    waits.get(10, TimeUnit.SECONDS);
    assertThat(second).isNotDone();
    first.close();
    second.get(20, TimeUnit.SECONDS).close();
    assertThat(told)
        .singleElement()
        .asString()
        .matches("waiting: .*@.*, process \\d+, since .* is writing " + folder);
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_SUCCEEDS_BUT_FAILS", "RENAME_SUCCEEDS_BUT_IS_REFUSED"})
  void isTakenWhereRenameDoesNotSaySo(Fault fault) {
    Store flaky = Store.open(FlakyFileSystem.uri(folder), FlakyFileSystem.configuration(fault));
    try (Lease lease = flaky.lease()) {
      assertThat(lease.lostTo()).isEmpty();
      assertThatThrownBy(store::lease).hasMessageContaining("is being written by");
    }
    assertThat(tree(folder)).isEmpty();
  }

  @Test
  void isNotTakenWhereNothingCanBeRenamed() {
    Store flaky =
        Store.open(
            FlakyFileSystem.uri(folder), FlakyFileSystem.configuration(Fault.RENAME_REFUSED));
    var error = catchThrowableOfType(StoreException.class, flaky::lease);
    assertThat(error).hasMessage("cannot take the lease of flaky:%s, in 5 attempts", folder);
    assertThat(error.retryable()).isTrue();
  }
}
