package io.backdoorgrid.store.row;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Four rows in one file, two in files of their own. */
class RemovalTest {

  @TempDir Path folder;
  private Store store;

  private static String id(int i) {
    return "%016x".formatted(i);
  }

  private void commit(int from, int to) {
    IntStream.range(from, to)
        .forEach(i -> store.commitRow(new Row(Map.of(Row.TRIAL, id(i), "acc", "9" + i))));
  }

  @BeforeEach
  void fill() {
    store = Store.open(folder.toString(), new Configuration());
    commit(0, 4);
    store.compact();
    commit(4, 6);
  }

  private List<String> leftovers() throws IOException {
    try (Stream<Path> files = Files.list(folder.resolve(".tmp"))) {
      return files
          .map(file -> file.getFileName().toString())
          .map(
              name ->
                  name.replaceFirst("csv-[-0-9a-f]*$", "csv").replaceFirst("-[0-9a-f]{16}[.]", "."))
          .sorted()
          .toList();
    }
  }

  @Test
  void takesRowsOutOfFilesOfOneAndOfMany() throws IOException {
    store.forget(Set.of(id(1), id(2), id(5), id(9)));
    Rows rows = store.rows();
    assertThat(rows.byTrial().keySet()).containsExactly(id(0), id(3), id(4));
    assertThat(rows.byTrial().get(id(3)).text("acc")).isEqualTo("93");
    assertThat(rows.damaged()).isEmpty();
    assertThat(store.verify().damaged()).isEmpty();
    assertThat(leftovers()).containsExactly("removed-compacted.csv", "removed.csv");
  }

  @Test
  void leavesNoFileOfNoRows() throws IOException {
    store.forget(Set.of(id(0), id(1), id(2), id(3), id(4), id(5)));
    assertThat(store.rows().byTrial()).isEmpty();
    assertThat(folder.resolve("rows")).isEmptyDirectory();
  }

  /** A trial that is in both counts once, and goes as a whole. */
  @Test
  void takesATrialOutOfEveryFile() {
    commit(1, 2);
    store.forget(Set.of(id(1)));
    assertThat(store.rows().byTrial().keySet()).doesNotContain(id(1)).hasSize(5);
  }

  @Test
  void touchesNothingElse() throws IOException {
    store.forget(Set.of(id(8)));
    assertThat(store.rows().byTrial()).hasSize(6);
    assertThat(leftovers()).isEmpty();
  }

  @Test
  void takesEveryAttemptOfAFailure() {
    for (int attempt = 0; attempt < 3; attempt++) {
      store.commitFailure(
          new Failure(id(7), id(1), Failure.Kind.OTHER, "so it is", "", attempt, ""));
    }
    store.commitFailure(new Failure(id(8), id(1), Failure.Kind.OTHER, "so it is", "", 0, ""));
    store.forget(Set.of(id(7)));
    assertThat(store.failures().keySet()).containsExactly(id(8));
  }

  @Test
  void isRefusedWhileADriverRuns() {
    try (Lease lease = store.lease()) {
      assertThat(lease.lostTo()).isEmpty();
      assertThatThrownBy(() -> store.forget(Set.of(id(1))))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("is being written by");
    }
    assertThat(store.rows().byTrial()).hasSize(6);
  }
}
