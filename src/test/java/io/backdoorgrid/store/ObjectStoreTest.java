package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.FILES;
import static io.backdoorgrid.store.Samples.OTHER_TRIAL;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.VICTIM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.FlakyFileSystem.Killed;
import io.backdoorgrid.store.lease.Lease;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store in a bucket, where an object appears in one step and a folder does not. */
class ObjectStoreTest {
  private final String bucket = UUID.randomUUID().toString();

  private static Store store(String bucket, Configuration conf) {
    return Store.open("objects://" + bucket + "/out", conf);
  }

  private Store store(boolean conditional) {
    return store(bucket, ObjectStoreFileSystem.configuration(conditional));
  }

  private static String trial(int i) {
    return "%016x".formatted(i);
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsWhatIsCommittedFirst(boolean conditional) {
    Store store = store(conditional);
    assertThat(store.commitRow(Samples.row(TRIAL, "first"))).isTrue();
    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();
    List<String> keys = ObjectStoreFileSystem.keys(bucket);

    Store again = store(conditional);
    assertThat(again.commitRow(Samples.row(TRIAL, "second"))).isFalse();
    assertThat(again.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isFalse();

    assertThat(again.row(TRIAL)).contains(Samples.row(TRIAL, "first"));
    assertThat(again.objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
    assertThat(again.verify().damaged()).isEmpty();
    assertThat(ObjectStoreFileSystem.keys(bucket)).isEqualTo(keys);
    assertThat(keys)
        .containsExactly(
            "out/rows/" + TRIAL + ".csv",
            "out/victims/" + VICTIM + "/trigger.json",
            "out/victims/" + VICTIM + "/victim.json",
            "out/victims/" + VICTIM + "/weights.safetensors");
  }

  @Test
  void hasOneWinnerWhereObjectsAreCreatedIfAbsent() throws Exception {
    Store store = store(true);
    for (int round = 0; round < 50; round++) {
      String trial = trial(round);
      var won = Samples.atOnce(8, () -> store.commitRow(Samples.row(trial)));
      assertThat(won).containsOnlyOnce(true);
    }
    assertThat(store.rows().byTrial().keySet()).hasSize(50);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void keepsOneWholeRowWhereTheyAreNot() throws Exception {
    Store store = store(false);
    for (int round = 0; round < 50; round++) {
      String trial = trial(round);
      Samples.atOnce(8, () -> store.commitRow(Samples.row(trial)));
    }
    assertThat(store.rows().byTrial().keySet()).hasSize(50);
    assertThat(store.rows().damaged()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void keepsOneWholeVictimOfMany(boolean conditional) throws Exception {
    Store store = store(conditional);
    for (int round = 0; round < 50; round++) {
      String victim = trial(round);
      Samples.atOnce(4, () -> Samples.commitVictim(store, victim));
    }
    assertThat(store.objects(ObjectKind.VICTIM)).hasSize(50);
    assertThat(store.verify().damaged()).isEmpty();
  }

  @Test
  void findsOutThatALostAnswerWasYes() {
    Store store = store(bucket, ObjectStoreFileSystem.losingResponses());
    store.commitRow(Samples.row(TRIAL));
    assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL);
    assertThat(store.leftovers()).isEmpty();
    try (Lease lease = store.lease()) {
      assertThat(lease.lostTo()).isEmpty();
      assertThatThrownBy(() -> store(true).lease()).hasMessageContaining("is being written by");
    }
  }

  @Test
  void hasOneDriver() throws Exception {
    Store store = store(true);
    for (int round = 0; round < 20; round++) {
      List<Optional<Lease>> taken =
          Samples.atOnce(
              8,
              () -> {
                try {
                  return Optional.of(store.lease());
                } catch (StoreException e) {
                  return Optional.<Lease>empty();
                }
              });
      List<Lease> winners = taken.stream().flatMap(Optional::stream).toList();
      assertThat(winners).hasSize(1);
      winners.get(0).close();
    }
    assertThat(ObjectStoreFileSystem.keys(bucket)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void survivesAKillAtAnyRequestOfCommitting(boolean conditional) {
    killEverywhere(
        conditional,
        store -> {},
        store -> {
          store.commitRow(Samples.row(TRIAL));
          store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
        },
        store -> {
          assertThat(store.rows().damaged()).isEmpty();
          store.object(ObjectKind.VICTIM, VICTIM).ifPresent(StoredObject::verify);
        },
        store -> {
          assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL);
          assertThat(store.objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
        });
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void survivesAKillAtAnyRequestOfMending(boolean conditional) {
    killEverywhere(
        conditional,
        store -> {
          store.commitRow(Samples.row(OTHER_TRIAL));
          store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
          String bucket = new Path(store.uri()).toUri().getAuthority();
          ObjectStoreFileSystem.put(bucket, "out/rows/" + TRIAL + ".csv", new byte[5]);
          ObjectStoreFileSystem.put(
              bucket, "out/victims/" + VICTIM + "/weights.safetensors", new byte[4]);
        },
        store -> {
          store.commitRow(Samples.row(TRIAL));
          store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
        },
        store -> assertThat(store.row(OTHER_TRIAL)).contains(Samples.row(OTHER_TRIAL)),
        store -> assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL, OTHER_TRIAL));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void survivesAKillAtAnyRequestOfCompacting(boolean conditional) {
    Consumer<Store> hasAll =
        store ->
            assertThat(store.rows().byTrial().values())
                .containsExactlyElementsOf(
                    IntStream.range(0, 6).mapToObj(i -> Samples.row(trial(i))).toList());
    killEverywhere(
        conditional,
        store -> IntStream.range(0, 6).forEach(i -> store.commitRow(Samples.row(trial(i)))),
        Store::compact,
        hasAll,
        hasAll);
  }

  /** Kills what it does at its first, second, … request, until it lives. */
  private void killEverywhere(
      boolean conditional,
      Consumer<Store> before,
      Consumer<Store> does,
      Consumer<Store> always,
      Consumer<Store> after) {
    boolean lived = false;
    int kills = 0;
    for (int request = 0; !lived; request++) {
      String fresh = bucket + "-" + request;
      Store sound = store(fresh, ObjectStoreFileSystem.configuration(conditional));
      before.accept(sound);
      try {
        does.accept(
            Store.openForReading(
                "objects://" + fresh + "/out",
                ObjectStoreFileSystem.dyingAt(request, conditional)));
        lived = true;
      } catch (Killed e) {
        kills++;
      }
      always.accept(sound);
      // The lease of a process that this one only pretended to be.
      ObjectStoreFileSystem.remove(fresh, "out/lease/driver.csv");
      does.accept(sound);
      always.accept(sound);
      after.accept(sound);
      assertThat(sound.verify().damaged()).as("kill %d", request).isEmpty();
    }
    assertThat(kills).isGreaterThan(20);
  }
}
