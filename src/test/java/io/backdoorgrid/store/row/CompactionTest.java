package io.backdoorgrid.store.row;

import static io.backdoorgrid.store.Samples.tree;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.FlakyFileSystem;
import io.backdoorgrid.store.FlakyFileSystem.Fault;
import io.backdoorgrid.store.FlakyFileSystem.Killed;
import io.backdoorgrid.store.Samples;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.disk.Disk;
import io.backdoorgrid.store.lease.Lease;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompactionTest {
  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
  }

  private static String trial(int i) {
    return "%016x".formatted(i);
  }

  /** Every other row has a column more. */
  private static Row row(int i) {
    Map<String, Object> columns = new LinkedHashMap<>(Samples.row(trial(i)).columns());
    if (i % 2 == 1) {
      columns.put("defense.u", 3);
    }
    return Row.of(columns);
  }

  private void commit(int from, int to) {
    IntStream.range(from, to).forEach(i -> store.commitRow(row(i)));
  }

  private static void assertHasRows(Store store, int count) {
    assertThat(store.rows().byTrial().values())
        .containsExactlyElementsOf(
            IntStream.range(0, count).mapToObj(CompactionTest::row).toList());
  }

  private List<Path> compactedFiles() {
    return tree(folder).stream()
        .filter(name -> name.startsWith("rows/compacted-"))
        .map(folder::resolve)
        .toList();
  }

  private Compacted compact(int mostBytes) {
    Disk disk = disk(folder.toString(), new Configuration());
    try (Lease lease = Lease.take(disk)) {
      return new Compaction(disk, lease, mostBytes).run();
    }
  }

  private static Disk disk(String uri, Configuration conf) {
    try {
      return Disk.at(new org.apache.hadoop.fs.Path(uri), conf);
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void makesOneFileOfAllRowsWithTheSameColumns() throws IOException {
    commit(0, 10);
    String line = Files.readString(folder.resolve("rows/" + trial(4) + ".csv"));

    assertThat(store.compact()).isEqualTo(new Compacted(10, 10, 2));

    assertHasRows(store, 10);
    assertThat(tree(folder)).hasSize(2).allMatch(name -> name.startsWith("rows/compacted-"));
    assertThat(compactedFiles()).allSatisfy(file -> assertThat(file).content().hasLineCount(6));
    assertThat(compactedFiles())
        .as("lines are kept to the byte")
        .anySatisfy(
            file -> assertThat(file).content().contains(line.substring(line.indexOf('\n') + 1)));
    assertThat(store.row(trial(4))).as("no longer in a file of its own").isEmpty();
    assertThat(store.listed()).isEmpty();
  }

  @Test
  void changesNothingTheSecondTime() {
    commit(0, 10);
    store.compact();
    List<String> files = tree(folder);
    assertThat(store.compact()).isEqualTo(new Compacted(0, 0, 0));
    assertThat(tree(folder)).isEqualTo(files);
  }

  @Test
  void joinsNewRowsWithLightFiles() {
    commit(0, 10);
    store.compact();
    commit(10, 20);
    assertHasRows(store, 20);

    assertThat(store.compact()).isEqualTo(new Compacted(20, 12, 2));

    assertHasRows(store, 20);
    assertThat(tree(folder)).hasSize(2);
  }

  @Test
  void leavesHeavyFilesAlone() {
    commit(0, 20);
    compact(400);
    List<Path> heavy = compactedFiles();
    assertThat(heavy).hasSizeGreaterThan(3);
    commit(20, 22);

    compact(400);

    assertHasRows(store, 22);
    assertThat(compactedFiles()).containsAll(heavy);
  }

  @Test
  void leavesASingleRowAlone() {
    commit(0, 1);
    assertThat(store.compact()).isEqualTo(new Compacted(0, 0, 0));
    assertThat(tree(folder)).containsExactly("rows/" + trial(0) + ".csv");
  }

  @Test
  void leavesDamagedRowsWhereTheyAre() throws IOException {
    commit(0, 10);
    Path damaged = folder.resolve("rows/" + trial(4) + ".csv");
    Samples.flip(damaged, 70);
    store.compact();
    assertThat(damaged).exists();
    assertThat(store.rows().byTrial().keySet()).hasSize(9);
    assertThat(store.commitRow(row(4))).isTrue();
    store.compact();
    assertHasRows(store, 10);
  }

  @Test
  void aDamagedLineCostsNoOther() throws IOException {
    commit(0, 10);
    store.compact();
    Path file = compactedFiles().get(0);
    String text = Files.readString(file);
    Samples.flip(file, text.indexOf('\n', text.indexOf('\n') + 1) + 40);

    assertThat(store.rows().byTrial().keySet()).hasSize(9);
    assertThat(store.rows().damaged())
        .containsExactly(
            new Rows.Damaged(file.toString(), "cannot be read as a whole; 4 rows of it can"));
    assertThat(store.compact()).isEqualTo(new Compacted(4, 1, 1));
    assertThat(store.rows().byTrial().keySet()).hasSize(9);
    assertThat(store.rows().damaged()).isEmpty();
    assertThat(store.leftovers())
        .singleElement()
        .asString()
        .contains("/.tmp/damaged-" + file.getFileName());
  }

  @Test
  void noticesALostTail() throws IOException {
    commit(0, 10);
    store.compact();
    Path file = compactedFiles().get(0);
    byte[] bytes = Files.readAllBytes(file);
    String text = Files.readString(file);
    Files.write(file, java.util.Arrays.copyOf(bytes, text.lastIndexOf("\n00") + 1));
    assertThat(store.rows().damaged())
        .containsExactly(
            new Rows.Damaged(file.toString(), "cannot be read as a whole; 4 rows of it can"));

    Files.writeString(file, "trial,vic");
    assertThat(store.rows().damaged())
        .containsExactly(new Rows.Damaged(file.toString(), "truncated"));
    store.compact();
    assertThat(file).exists();
  }

  /**
   * An executor of a dead driver may commit a trial that another one has finished and compacted.
   */
  @Test
  void theRowThatWasCompactedFirstCounts() {
    commit(0, 4);
    store.compact();
    Row straggler = Samples.row(trial(2), "straggler");
    store.commitRow(straggler);
    assertHasRows(store, 4);
    store.compact();
    assertHasRows(store, 4);
    assertThat(tree(folder)).contains("rows/" + trial(2) + ".csv");
  }

  @Test
  void failuresOfCompactedTrialsAreOver() {
    store.commitFailure(Samples.failure(trial(3), 0, "out of luck"));
    store.commitFailure(Samples.failure(trial(12), 0, "out of luck"));
    commit(0, 10);
    store.compact();
    assertThat(store.failures()).containsOnlyKeys(trial(12));
  }

  @Test
  void waitsForNoDriver() {
    try (Lease lease = store.lease()) {
      assertThatThrownBy(store::compact).hasMessageContaining("is being written by");
      assertThat(lease.lostTo()).isEmpty();
    }
  }

  @Test
  void readersSeeEveryRowWhileItGoesOn() throws Exception {
    commit(0, 60);
    var lines =
        Samples.atOnce(
            2,
            new Callable<Boolean>() {
              private final AtomicBoolean compacts = new AtomicBoolean();

              @Override
              public Boolean call() {
                if (compacts.compareAndSet(false, true)) {
                  for (int most = 200; most < 100_000; most *= 2) {
                    compact(most);
                  }
                  compacts.set(false);
                } else {
                  do {
                    assertHasRows(store, 60);
                  } while (compacts.get());
                }
                return true;
              }
            });
    assertThat(lines).containsOnly(true);
    assertHasRows(store, 60);
  }

  /** Kills it at its first, second, … file system call, until it lives. */
  @Test
  void survivesAKillAtAnyStep() throws IOException {
    boolean lived = false;
    int kills = 0;
    for (int step = 0; !lived; step++) {
      Path fresh = Files.createDirectory(folder.resolve("kill" + step));
      String uri = FlakyFileSystem.uri(fresh);
      Configuration sound = FlakyFileSystem.configuration(Fault.NONE);
      Store before = Store.open(uri, sound);
      IntStream.range(0, 6).forEach(i -> before.commitRow(row(i)));
      before.compact();
      IntStream.range(6, 12).forEach(i -> before.commitRow(row(i)));
      try (Lease lease = before.lease()) {
        new Compaction(disk(uri, FlakyFileSystem.dyingAt(step)), lease).run();
        lived = true;
      } catch (Killed e) {
        kills++;
      }
      Store after = Store.open(uri, sound);
      assertHasRows(after, 12);
      assertThat(after.rows().damaged()).isEmpty();
      after.compact();
      assertHasRows(after, 12);
      assertThat(compactedIn(fresh)).as("kill %d", step).hasSize(2);
    }
    assertThat(kills).isGreaterThan(30);
  }

  private static List<String> compactedIn(Path folder) {
    return tree(folder).stream().filter(name -> name.startsWith("rows/")).toList();
  }
}
