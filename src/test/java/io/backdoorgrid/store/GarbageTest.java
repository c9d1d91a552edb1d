package io.backdoorgrid.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.lease.Lease;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A store with something of every kind that is needed, and of every kind that is not. */
class GarbageTest {

  @TempDir Path folder;
  private Store store;

  private static String id(int i) {
    return "%016x".formatted(i);
  }

  private void commit(ObjectKind kind, int id, Map<String, Object> description) {
    store.commitObject(kind, id(id), Map.of("a.safetensors", new byte[100]), description);
  }

  @BeforeEach
  void fill() throws IOException {
    store = Store.open(folder.toString(), new Configuration());
    store.commitRow(new Row(Map.of(Row.TRIAL, id(1), Row.FINDINGS, id(5))));
    commit(ObjectKind.FINDINGS, 5, Map.of());
    commit(ObjectKind.FINDINGS, 6, Map.of());
    commit(ObjectKind.VICTIM, 2, Map.of());
    commit(ObjectKind.EXTRACTOR, 2, Map.of());
    commit(ObjectKind.PHASE, 2, Map.of());
    commit(ObjectKind.CHECKPOINT, 7, Map.of(Row.VICTIM, id(2)));
    commit(ObjectKind.CHECKPOINT, 8, Map.of(Row.VICTIM, id(3)));
    for (int trial : new int[] {1, 4}) {
      store.commitFailure(new Failure(id(trial), id(2), Failure.Kind.OTHER, "so it is", "", 0, ""));
    }
    Files.write(folder.resolve(".tmp/orphan"), new byte[1000]);
  }

  @Test
  void isWhatNoResultNeeds() {
    Garbage garbage = store.garbage();
    assertThat(garbage.kinds().keySet())
        .containsExactly(
            "leftovers of killed and removed work",
            "findings that no row names",
            "checkpoints of trained victims",
            "failures of trials that have a row");
    assertThat(garbage.kinds().values()).allMatch(items -> items.size() == 1);
    assertThat(garbage.bytes("leftovers of killed and removed work")).isEqualTo(1000);
    assertThat(garbage.bytes("findings that no row names")).isGreaterThan(100);
    assertThat(folder.resolve(".tmp/orphan")).exists();
  }

  @Test
  void goesForGoodAndNothingElseDoes() {
    Garbage found = store.garbage();
    assertThat(store.removeGarbage()).isEqualTo(found);
    assertThat(store.garbage().kinds()).isEmpty();
    assertThat(folder.resolve(".tmp")).isEmptyDirectory();
    assertThat(store.rows().byTrial()).hasSize(1);
    assertThat(store.objects(ObjectKind.FINDINGS)).containsExactly(id(5));
    assertThat(store.objects(ObjectKind.CHECKPOINT)).containsExactly(id(8));
    assertThat(store.failures().keySet()).containsExactly(id(4));
    for (ObjectKind kind : Set.of(ObjectKind.VICTIM, ObjectKind.EXTRACTOR, ObjectKind.PHASE)) {
      assertThat(store.objects(kind)).as("%s", kind).containsExactly(id(2));
    }
  }

  @Test
  void includesNoFindingsWhereARowThatMayNameThemIsDamaged() throws IOException {
    Path row = folder.resolve("rows/" + id(1) + ".csv");
    Files.writeString(row, Files.readString(row).replace(id(5), id(6)));
    assertThat(store.garbage().kinds()).doesNotContainKey("findings that no row names");
  }

  @Test
  void staysWhileADriverRuns() {
    try (Lease lease = store.lease()) {
      assertThat(lease.lostTo()).isEmpty();
      assertThatThrownBy(store::removeGarbage)
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is being written by");
    }
    assertThat(folder.resolve(".tmp/orphan")).exists();
  }
}
