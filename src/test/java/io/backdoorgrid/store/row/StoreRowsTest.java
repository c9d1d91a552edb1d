package io.backdoorgrid.store.row;

import static io.backdoorgrid.store.Samples.OTHER_TRIAL;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.row;
import static io.backdoorgrid.store.Samples.tree;
import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.store.Samples;
import io.backdoorgrid.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreRowsTest {
  @TempDir Path folder;
  private Store store;
  private Path file;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
    file = folder.resolve("rows/" + TRIAL + ".csv");
  }

  @Test
  void leavesOneFilePerTrialAndNothingElse() {
    assertThat(store.commitRow(row(TRIAL))).isTrue();

    assertThat(store.row(TRIAL)).contains(row(TRIAL));
    assertThat(store.row(OTHER_TRIAL)).isEmpty();
    assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL);
    assertThat(tree(folder)).containsExactly("rows/" + TRIAL + ".csv");
  }

  @Test
  void ignoresASecondCommit() throws IOException {
    store.commitRow(row(TRIAL, "first"));
    byte[] bytes = Files.readAllBytes(file);
    var longAgo = FileTime.from(Instant.parse("2020-02-02T00:00:00Z"));
    Files.setLastModifiedTime(file, longAgo);

    assertThat(store.commitRow(row(TRIAL, "second"))).isFalse();

    assertThat(file).hasBinaryContent(bytes);
    assertThat(Files.getLastModifiedTime(file)).isEqualTo(longAgo);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void hasOneWinnerAmongManyAttempts() throws Exception {
    for (int round = 0; round < 20; round++) {
      String trial = "%016x".formatted(round);
      var host = new AtomicInteger();

      var won = Samples.atOnce(8, () -> store.commitRow(row(trial, "host" + host.getAndAdd(1))));

      assertThat(won).containsOnlyOnce(true);
      assertThat(store.row(trial)).isPresent();
    }
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void reportsDamagedRowsAndTreatsThemAsMissing() throws IOException {
    store.commitRow(row(TRIAL));
    store.commitRow(row(OTHER_TRIAL));
    Files.writeString(folder.resolve("rows/notes.txt"), "not a row");
    Samples.flip(file, 70);

    assertThat(store.row(TRIAL)).isEmpty();
    assertThat(store.rows().byTrial().keySet()).containsExactly(OTHER_TRIAL);
    assertThat(store.rows().damaged())
        .containsExactly(new Rows.Damaged(file.toString(), "does not match its digest"));
    assertThat(file).exists();
  }

  @Test
  void movesADamagedRowAsideBeforeCommittingItAgain() throws IOException {
    store.commitRow(row(TRIAL));
    byte[] half = java.util.Arrays.copyOf(Files.readAllBytes(file), 50);
    Files.write(file, half);
    assertThat(store.rows().damaged())
        .extracting(Rows.Damaged::reason)
        .containsExactly("truncated");

    assertThat(store.commitRow(row(TRIAL))).isTrue();

    assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL);
    assertThat(store.leftovers())
        .singleElement()
        .satisfies(path -> assertThat(path).contains("/.tmp/damaged-" + TRIAL + ".csv-"))
        .satisfies(path -> assertThat(Path.of(path)).hasBinaryContent(half));
  }

  @Test
  void mendsADamagedRowWithManyAttempts() throws Exception {
    Files.writeString(file, "half of a r");

    var won = Samples.atOnce(8, () -> store.commitRow(row(TRIAL)));

    assertThat(won).contains(true);
    assertThat(store.rows().byTrial().keySet()).containsExactly(TRIAL);
  }

  @Test
  void readsManyRowsInTheOrderOfTheirIds() throws IOException {
    var ids = IntStream.range(0, 1000).mapToObj("%016x"::formatted).toList();
    for (String id : ids) {
      // Past the protocol, which would wait for the disk a thousand times.
      Files.write(folder.resolve("rows/" + id + ".csv"), row(id).encode());
    }
    assertThat(store.rows().byTrial().keySet()).containsExactlyElementsOf(ids);
  }

  @Test
  void canBeOpenedAgainByItsUri() {
    store.commitRow(row(TRIAL));
    var again = Store.open(store.uri(), new org.apache.hadoop.conf.Configuration());
    assertThat(again.rows().byTrial().keySet()).containsExactly(TRIAL);
  }
}
