package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.OTHER_TRIAL;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.VICTIM;
import static io.backdoorgrid.store.Samples.failure;
import static io.backdoorgrid.store.Samples.row;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assumptions.assumeThat;

import io.backdoorgrid.store.Failure.Kind;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Duration;
import java.time.Instant;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StoreTest {
  private static final String PLAN = "00000000000000ff";

  @TempDir Path folder;

  @Test
  void createsItsFolders() {
    Samples.local(folder.resolve("a b/c"));
    assertThat(folder.resolve("a b/c"))
        .isDirectoryContaining(path -> path.endsWith("rows"))
        .isDirectoryContaining(path -> path.endsWith("victims"))
        .isDirectoryContaining(path -> path.endsWith("extractors"))
        .isDirectoryContaining(path -> path.endsWith("phases"));
  }

  @Test
  void saysWhyItCannotBeOpened() throws IOException {
    Path file = Files.writeString(folder.resolve("file"), "");
    assertThatThrownBy(() -> Samples.local(file))
        .isInstanceOf(StoreException.class)
        .hasMessage("cannot keep results in %s: it is a file, not a folder", file);
    assertThatThrownBy(() -> Samples.local(file.resolve("below")))
        .isInstanceOf(StoreException.class)
        .hasMessage("cannot write results to %s/below: Not a directory", file);
    assertThatThrownBy(() -> Store.open("ftps://host/x", new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "cannot open results at ftps://host/x: no file system knows its scheme; give a path,"
                + " file:, hdfs: or s3a:");
    assertThatThrownBy(() -> Store.open("abfs://bucket/x", new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "cannot open results at \"abfs://bucket/x\": Class"
                + " org.apache.hadoop.fs.azurebfs.AzureBlobFileSystem not found; put the file"
                + " system's jars into $SPARK_HOME/jars (for s3a: hadoop-aws)");
    assertThatThrownBy(() -> Store.open("", new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot open results at \"\": ");
  }

  @Test
  void saysThatAFolderIsReadOnly() throws IOException {
    Path sealed = Files.createDirectory(folder.resolve("sealed"));
    Files.setPosixFilePermissions(sealed, PosixFilePermissions.fromString("r-xr-xr-x"));
    assumeThat(Files.isWritable(sealed)).as("the superuser may write anywhere").isFalse();
    assertThatThrownBy(() -> Samples.local(sealed.resolve("out")))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot write results to %s/out: ", sealed);
  }

  @Test
  void takesNoFolderThatItMayNotReadForAnEmptyOne() throws IOException {
    Samples.local(folder.resolve("out")).commitRow(row(TRIAL));
    Files.setPosixFilePermissions(
        folder.resolve("out"), PosixFilePermissions.fromString("---------"));
    assumeThat(Files.isReadable(folder.resolve("out"))).as("the superuser may read all").isFalse();
    try {
      assertThatThrownBy(() -> Store.find(folder.resolve("out").toString(), new Configuration()))
          .isInstanceOf(StoreException.class)
          .hasMessage("cannot read results from %s/out: Permission denied", folder);
    } finally {
      Files.setPosixFilePermissions(
          folder.resolve("out"), PosixFilePermissions.fromString("rwxr-xr-x"));
    }
  }

  @Test
  void takesNoPathThatLeadsNowhereForAnEmptyFolder() throws IOException {
    Path loop = Files.createSymbolicLink(folder.resolve("loop"), folder.resolve("loop"));
    assertThatThrownBy(() -> Store.find(loop.toString(), new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessageStartingWith("cannot read results from %s: ", loop)
        .hasMessageContaining("Too many levels of symbolic links");
    Path file = Files.createFile(folder.resolve("file"));
    assertThatThrownBy(() -> Store.find(file.resolve("out").toString(), new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessage("cannot read results from %s/out: Not a directory", file);
  }

  @Test
  void opensForReadingOnlyWhatIsThere() {
    Path absent = folder.resolve("absent");
    assertThatThrownBy(() -> Store.openForReading(absent.toString(), new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "there are no results in %s; is it the folder that was given to --out?", absent);
    assertThat(absent).doesNotExist();

    Samples.local(folder).commitRow(row(TRIAL));
    assertThat(
            Store.openForReading(folder.toString(), new Configuration()).rows().byTrial().keySet())
        .containsExactly(TRIAL);
  }

  @Test
  void keepsTheLatestFailureOfATrialWithoutARow() throws IOException {
    Store store = Samples.local(folder);
    store.commitFailure(failure(TRIAL, 2, "loss is NaN\nin epoch 3, \"early\""));
    store.commitFailure(failure(TRIAL, 10, "loss is NaN again"));
    store.commitFailure(failure(TRIAL, 10, "a second report of the same attempt"));
    store.commitFailure(failure(OTHER_TRIAL, 0, "out of luck"));
    store.commitRow(row(OTHER_TRIAL));

    assertThat(store.failures())
        .containsOnly(java.util.Map.entry(TRIAL, failure(TRIAL, 10, "loss is NaN again")));

    Samples.flip(folder.resolve("failures/" + TRIAL + ".10.csv"), 90);
    assertThat(store.failures().get(TRIAL).message())
        .isEqualTo("loss is NaN\nin epoch 3, \"early\"");
  }

  @Test
  void refusesFailuresBeforeTheFirst() {
    assertThat(Kind.OUT_OF_MEMORY).hasToString("out-of-memory");
    assertThatThrownBy(() -> failure(TRIAL, -1, ""))
        .hasMessage("failure of 00000000000000aa: attempt must be 0 or more, got -1");
  }

  /** Those of killed tasks, which are not shown any more, too. */
  @Test
  void takesAllNotesAway() throws IOException {
    Store store = Samples.local(folder);
    store.writeNote(TRIAL, "training");
    store.writeNote(VICTIM, "preparing");
    Path old = folder.resolve("running/" + TRIAL);
    Files.setLastModifiedTime(old, FileTime.from(Instant.now().minus(Duration.ofDays(1))));
    assertThat(store.notes()).containsOnly(java.util.Map.entry(VICTIM, "preparing"));
    store.removeNotes();
    assertThat(store.notes()).isEmpty();
    assertThat(old).doesNotExist();
  }

  @Test
  void freezesPlans() throws IOException {
    Store store = Samples.local(folder);
    byte[] json = "{\"a\": 1}".getBytes(UTF_8);
    String id = store.commitPlan(json);
    assertThat(id).isEqualTo("f9d86028c6e0d64e");
    assertThat(store.commitPlan("{\"a\": 2}".getBytes(UTF_8))).isNotEqualTo(id);
    assertThat(store.plan(id)).hasValueSatisfying(plan -> assertThat(plan).isEqualTo(json));

    Samples.flip(folder.resolve("plans/" + id + ".json"), 6);
    assertThat(store.commitPlan(json)).isEqualTo(id);
    assertThat(store.plan(id))
        .as("a damaged one is replaced")
        .hasValueSatisfying(plan -> assertThat(plan).isEqualTo(json));
  }
}
