package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.FILES;
import static io.backdoorgrid.store.Samples.OTHER_TRIAL;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.VICTIM;
import static io.backdoorgrid.store.Samples.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.backdoorgrid.store.FlakyFileSystem.Fault;
import io.backdoorgrid.store.FlakyFileSystem.Killed;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class StoreFaultsTest {
  @TempDir Path folder;

  private Store store(Fault fault) {
    return Store.open(FlakyFileSystem.uri(folder), FlakyFileSystem.configuration(fault));
  }

  private Path row() {
    return folder.resolve("rows/" + TRIAL + ".csv");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_REFUSED", "RENAME_FAILS"})
  void cannotTellWhetherARowThatIsNotThereWasCommitted(Fault fault) {
    Store flaky = store(fault);
    var error =
        catchThrowableOfType(StoreException.class, () -> flaky.commitRow(Samples.row(TRIAL)));

    String reason =
        fault == Fault.RENAME_REFUSED
            ? "the rename was refused"
            : "the rename failed: injected: connection reset";
    assertThat(error)
        .hasMessage(
            "cannot tell whether results reached flaky:%s (%s); nothing was deleted, the same"
                + " commit can be tried again",
            row(), reason);
    assertThat(error.retryable()).isTrue();
    assertThat(row()).doesNotExist();
    assertThat(flaky.leftovers()).hasSize(1);
    assertThat(store(Fault.NONE).commitRow(Samples.row(TRIAL))).isTrue();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_SUCCEEDS_BUT_FAILS", "RENAME_SUCCEEDS_BUT_IS_REFUSED"})
  void findsOutThatARowWasCommitted(Fault fault) {
    assertThat(store(fault).commitRow(Samples.row(TRIAL))).isTrue();
    assertThat(store(fault).commitRow(Samples.row(TRIAL))).isFalse();
    assertThat(tree(folder)).containsExactly("rows/" + TRIAL + ".csv");
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_SUCCEEDS_BUT_FAILS", "RENAME_SUCCEEDS_BUT_IS_REFUSED"})
  void findsOutThatAVictimWasCommitted(Fault fault) {
    assertThat(store(fault).commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();
    assertThat(store(fault).objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
    assertThat(store(fault).leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"RENAME_REFUSED", "RENAME_FAILS"})
  void doesNotShowAVictimThatCouldNotBeRenamed(Fault fault) {
    assertThatThrownBy(
            () -> store(fault).commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION))
        .hasMessageStartingWith("cannot tell whether a victim reached ");
    assertThat(store(Fault.NONE).objects(ObjectKind.VICTIM)).isEmpty();
  }

  @Test
  void changesNothingOnAFullDisk() throws IOException {
    store(Fault.NONE).commitRow(Samples.row(OTHER_TRIAL));
    Path other = folder.resolve("rows/" + OTHER_TRIAL + ".csv");
    byte[] before = Files.readAllBytes(other);

    var opening = catchThrowableOfType(StoreException.class, () -> store(Fault.NO_SPACE));
    assertThat(opening)
        .hasMessage("cannot write results to flaky:%s: No space left on device", folder);
    assertThat(opening.retryable()).isFalse();

    Store full =
        Store.openForReading(
            FlakyFileSystem.uri(folder), FlakyFileSystem.configuration(Fault.NO_SPACE));
    assertThatThrownBy(() -> full.commitRow(Samples.row(TRIAL)))
        .hasMessage("cannot write results to flaky:%s: No space left on device", row());
    assertThatThrownBy(() -> full.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION))
        .hasMessage(
            "cannot write a victim to flaky:%s: No space left on device",
            folder.resolve("victims/" + VICTIM));

    assertThat(tree(folder)).containsExactly("rows/" + OTHER_TRIAL + ".csv");
    assertThat(other).hasBinaryContent(before);
  }

  @Test
  void keepsOneWholeRowWhereRenameOverwrites() throws Exception {
    for (int round = 0; round < 20; round++) {
      String trial = "%016x".formatted(round);
      Store store = store(Fault.NONE);
      var won = Samples.atOnce(8, () -> store.commitRow(Samples.row(trial)));
      assertThat(won).contains(true);
      assertThat(store.row(trial)).isPresent();
    }
  }

  @Test
  void keepsOneWholeVictimWhereRenameMovesIntoDirectories() throws Exception {
    for (int round = 0; round < 20; round++) {
      String victim = "%016x".formatted(round);
      Store store = store(Fault.NONE);
      Samples.atOnce(8, () -> store.commitObject(ObjectKind.VICTIM, victim, FILES, DESCRIPTION));
      store.object(ObjectKind.VICTIM, victim).orElseThrow().verify();
    }
    assertThat(tree(folder)).hasSize(20 * 3);
  }

  @Test
  void survivesAKillAtAnyStepOfCommittingARow() throws IOException {
    killEverywhere(
        store -> store.commitRow(Samples.row(TRIAL)),
        store -> assertThat(store.rows().damaged()).isEmpty());
  }

  @Test
  void survivesAKillAtAnyStepOfMendingARow() throws IOException {
    killEverywhere(
        store -> store.commitRow(Samples.row(TRIAL)),
        store -> assertThat(store.rows().byTrial().keySet()).isSubsetOf(TRIAL),
        "rows/" + TRIAL + ".csv");
  }

  @Test
  void survivesAKillAtAnyStepOfCommittingAVictim() throws IOException {
    killEverywhere(
        store -> store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION),
        store -> store.object(ObjectKind.VICTIM, VICTIM).ifPresent(StoredObject::verify));
  }

  @Test
  void survivesAKillAtAnyStepOfMendingAVictim() throws IOException {
    killEverywhere(
        store -> store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION),
        store -> store.object(ObjectKind.VICTIM, VICTIM).ifPresent(StoredObject::verify),
        "victims/" + VICTIM + "/weights.safetensors");
  }

  /** Kills {@code commit} at its first, second, … file system call, until it lives. */
  private void killEverywhere(Consumer<Store> commit, Consumer<Store> check, String... damaged)
      throws IOException {
    boolean lived = false;
    int kills = 0;
    for (int step = 0; !lived; step++) {
      Path fresh = Files.createDirectory(folder.resolve("kill" + step));
      String uri = FlakyFileSystem.uri(fresh);
      Store.open(uri, FlakyFileSystem.configuration(Fault.NONE));
      for (String file : damaged) {
        Files.createDirectories(fresh.resolve(file).getParent());
        Files.writeString(fresh.resolve(file), "half of i");
      }
      try {
        commit.accept(Store.openForReading(uri, FlakyFileSystem.dyingAt(step)));
        lived = true;
      } catch (Killed e) {
        kills++;
      }
      Store after = Store.open(uri, FlakyFileSystem.configuration(Fault.NONE));
      check.accept(after);
      commit.accept(after);
      assertThat(after.rows().byTrial().size() + after.objects(ObjectKind.VICTIM).size())
          .as("kill %d", step)
          .isOne();
      check.accept(after);
    }
    assertThat(kills).isGreaterThan(5);
  }
}
