package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.FILES;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.VICTIM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.store.lease.Heartbeats;
import io.backdoorgrid.store.lease.Lease;
import io.backdoorgrid.store.row.Compacted;
import java.io.IOException;
import java.util.Optional;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileSystem;
import org.apache.hadoop.fs.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** What a store on any file system of several machines does. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class SharedStoreContract {
  private static int stores;

  private SharedDisk disk;
  private String uri;
  private Path root;
  private Store store;

  /**
   * @param folder for whatever it writes
   */
  abstract SharedDisk start(java.nio.file.Path folder) throws Exception;

  @BeforeAll
  final void startDisk(@TempDir java.nio.file.Path folder) throws Exception {
    disk = start(folder);
  }

  @AfterAll
  final void closeDisk() {
    disk.close();
  }

  final SharedDisk disk() {
    return disk;
  }

  private Configuration conf() {
    return disk.configuration();
  }

  @BeforeEach
  void open() {
    uri = disk.uri() + "/out" + stores++;
    root = new Path(uri);
    store = Store.open(uri, conf());
  }

  final Store store() {
    return store;
  }

  final FileSystem fs() throws IOException {
    return root.getFileSystem(conf());
  }

  static String trial(int i) {
    return "%016x".formatted(i);
  }

  @Test
  void keepsWhatIsCommittedFirst() throws IOException {
    assertThat(store.commitRow(Samples.row(TRIAL, "first"))).isTrue();
    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();
    long time = fs().getFileStatus(new Path(root, "rows/" + TRIAL + ".csv")).getModificationTime();

    Store again = Store.open(uri, conf());
    assertThat(again.commitRow(Samples.row(TRIAL, "second"))).isFalse();
    assertThat(again.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isFalse();

    assertThat(again.row(TRIAL)).contains(Samples.row(TRIAL, "first"));
    assertThat(fs().getFileStatus(new Path(root, "rows/" + TRIAL + ".csv")).getModificationTime())
        .isEqualTo(time);
    assertThat(again.objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
    assertThat(again.verify().damaged()).isEmpty();
    assertThat(again.leftovers()).isEmpty();
  }

  @Test
  void hasOneRowOfManyAttempts() throws Exception {
    for (int round = 0; round < 10; round++) {
      String id = trial(round);
      assertThat(Samples.atOnce(8, () -> store.commitRow(Samples.row(id)))).containsOnlyOnce(true);
    }
    assertThat(store.rows().byTrial().keySet()).hasSize(10);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void hasOneVictimOfManyAttempts() throws Exception {
    for (int round = 0; round < 10; round++) {
      String id = trial(round);
      Samples.atOnce(8, () -> Samples.commitVictim(store, id));
    }
    assertThat(store.objects(ObjectKind.VICTIM)).hasSize(10);
    assertThat(store.verify().damaged()).isEmpty();
  }

  @Test
  void mendsWhatIsDamaged() throws IOException {
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    Path weights = new Path(root, "victims/" + VICTIM + "/weights.safetensors");
    for (Path file : new Path[] {new Path(root, "rows/" + TRIAL + ".csv"), weights}) {
      try (var out = fs().create(file, true)) {
        out.writeBytes("half");
      }
    }
    assertThat(store.verify().damaged()).hasSize(2);

    assertThat(store.commitRow(Samples.row(TRIAL))).isTrue();
    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();

    assertThat(store.verify().damaged()).isEmpty();
    assertThat(store.leftovers()).hasSize(2);
  }

  @Test
  void compactsWithoutLosingARow() {
    IntStream.range(0, 25).forEach(i -> store.commitRow(Samples.row(trial(i))));
    assertThat(store.rows().byTrial()).as("listed page by page").hasSize(25);
    assertThat(store.compact()).isEqualTo(new Compacted(25, 25, 1));
    store.commitRow(Samples.row(trial(25)));
    assertThat(store.rows().byTrial().values())
        .containsExactlyElementsOf(
            IntStream.range(0, 26).mapToObj(i -> Samples.row(trial(i))).toList());
  }

  @Test
  void hasOneDriver() throws Exception {
    var taken =
        Samples.atOnce(
            8,
            () -> {
              try {
                return Optional.of(store.lease());
              } catch (StoreException e) {
                return Optional.<Lease>empty();
              }
            });
    var winners = taken.stream().flatMap(Optional::stream).toList();
    assertThat(winners).hasSize(1);
    Heartbeats.beat(winners.get(0));
    assertThat(winners.get(0).lostTo()).isEmpty();
    assertThatThrownBy(store::lease)
        .hasMessageStartingWith(uri + " is being written by ")
        .hasMessageContaining("(last heartbeat");
    winners.get(0).close();
    store.lease().close();
    assertThat(store.leftovers()).isEmpty();
  }
}
