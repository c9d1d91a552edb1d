package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.TRIAL;
import static io.backdoorgrid.store.Samples.VICTIM;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.backdoorgrid.store.disk.Reason;
import io.backdoorgrid.store.row.Compacted;
import io.backdoorgrid.store.row.CompactedRows;
import io.backdoorgrid.store.row.Rows;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A store from somebody else, with files that are made to harm; their digests match. */
class HostileStoreTest {
  private static final long GIGABYTE = 1L << 30;

  @TempDir Path folder;
  private Store store;
  private Path victim;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
    store.commitObject(
        ObjectKind.VICTIM, VICTIM, Map.of("weights.safetensors", new byte[9]), DESCRIPTION);
    victim = folder.resolve("victims/" + VICTIM);
  }

  /** A file of any length that takes no space. */
  private static void enlarge(Path file) throws IOException {
    try (var large = new RandomAccessFile(file.toFile(), "rw")) {
      large.setLength(GIGABYTE);
    }
  }

  private void describeFile(String name, long bytes) throws IOException {
    forge(tree -> ((ObjectNode) tree.path("files").get(0)).put("name", name).put("bytes", bytes));
  }

  /** Changes the description, and makes its digest match. */
  private void forge(Consumer<ObjectNode> change) throws IOException {
    var json = new ObjectMapper();
    Path file = victim.resolve("victim.json");
    ObjectNode tree = (ObjectNode) json.readTree(Files.readAllBytes(file));
    change.accept(tree);
    tree.remove("digest");
    tree.put("digest", Digest.brief(json.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree)));
    Files.write(file, json.writerWithDefaultPrettyPrinter().writeValueAsBytes(tree));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"../../rows/x.csv", "/etc/passwd", "..", ".", "", "a/b", "a\\b", "s3a://b/k"})
  void aDescriptionNamesNoFileElsewhere(String name) throws IOException {
    describeFile(name, 9);
    assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
    assertThat(store.verify().damaged()).singleElement().asString().contains("victim.json");
  }

  @Test
  void aDescriptionLacksNothing() throws IOException {
    List<Consumer<ObjectNode>> changes =
        List.of(
            tree -> tree.putNull("description"),
            tree -> tree.put("description", "none"),
            tree -> tree.remove("description"),
            tree -> tree.putArray("files").addNull(),
            tree -> tree.putArray("files").add("weights.safetensors"),
            tree -> tree.putArray("files").add(7));
    for (Consumer<ObjectNode> change : changes) {
      forge(change);
      assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
      assertThat(store.verify().damaged()).singleElement().asString().contains("victim.json");
    }
  }

  @Test
  void theForgedDescriptionWouldOtherwiseBeBelieved() throws IOException {
    describeFile("weights.safetensors", 9);
    assertThat(store.object(ObjectKind.VICTIM, VICTIM).orElseThrow().read("weights.safetensors"))
        .hasSize(9);
  }

  @Test
  void aDescriptionPromisesNoImpossibleSize() throws IOException {
    for (long bytes : new long[] {-1, Long.MIN_VALUE, 1L << 40}) {
      describeFile("weights.safetensors", bytes);
      assertThat(store.object(ObjectKind.VICTIM, VICTIM)).as("%d", bytes).isEmpty();
    }
  }

  @Test
  void noFileIsReadBeyondItsPromisedSize() throws IOException {
    StoredObject stored = store.object(ObjectKind.VICTIM, VICTIM).orElseThrow();
    enlarge(victim.resolve("weights.safetensors"));
    assertThatThrownBy(() -> stored.read("weights.safetensors"))
        .isInstanceOf(DamagedException.class)
        .hasMessageEndingWith("weights.safetensors: has more bytes than the 9 that were committed");
    assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"rows/" + TRIAL + ".csv", "rows/compacted-" + TRIAL + ".csv"})
  void noRowFileFillsTheMemory(String name) throws IOException {
    enlarge(folder.resolve(name));
    assertThat(store.rows().byTrial()).isEmpty();
    assertThat(store.rows().damaged())
        .containsExactly(
            new Rows.Damaged(folder.resolve(name).toString(), "has more than 67,108,864 bytes"));
  }

  @Test
  void aRowIsTakenForNoOtherAndLeadsNowhere() throws IOException {
    String header = "trial,acc,digest";
    String line = "../../plans/x,1";
    String digest = Digest.brief(("trial,acc\n" + line + "\n").getBytes());
    String file = header + "\n" + line + "," + digest + "\n";
    Files.writeString(folder.resolve("rows/" + TRIAL + ".csv"), file);
    Files.writeString(folder.resolve("rows/" + CompactedRows.name(file.getBytes())), file);
    assertThat(store.rows().byTrial()).isEmpty();
    assertThat(store.compact()).isEqualTo(new Compacted(0, 0, 0));
  }

  @Test
  void aRowOfSeveralLinesIsLeftWhereItIs() throws IOException {
    String line = TRIAL + ",\"a\nb\"";
    String digest = Digest.brief(("trial,model\n" + line + "\n").getBytes());
    Path file = folder.resolve("rows/" + TRIAL + ".csv");
    Files.writeString(file, "trial,model,digest\n" + line + "," + digest + "\n");
    store.compact();
    assertThat(file).exists();
  }

  /** Of a host with an underscore, Java's URIs know no user. */
  @ParameterizedTest
  @ValueSource(strings = {"bucket", "my_bucket"})
  void aPasswordInAUriIsRefusedAndNotRepeated(String host) {
    String uri = "s3a://AKIA:s3cret@%s/out".formatted(host);
    assertThatThrownBy(() -> Store.open(uri, new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessage(
            "s3a://…@%s/out holds a password, which others may see here; put it into Hadoop's configuration",
            host);
  }

  @ParameterizedTest
  @ValueSource(strings = {"ftps://ada:s3cret@host/x", "s_3://ada:s3cret@host/x"})
  void aPasswordIsNotRepeatedWhereNothingCanBeOpened(String uri) {
    assertThatThrownBy(() -> Store.open(uri, new Configuration()))
        .isInstanceOf(StoreException.class)
        .hasMessageNotContaining("s3cret");
  }

  @Test
  void aPasswordInAnErrorIsNotRepeated() {
    var error = new IOException("cannot reach https://ada:s3cret@host/x: timed out");
    assertThat(Reason.of(error).text()).isEqualTo("cannot reach https://…@host/x: timed out");
    assertThat(
            Reason.exception(
                "read", new org.apache.hadoop.fs.Path("s3a://ada:s3cret@bucket/x"), error))
        .hasMessage("cannot read s3a://…@bucket/x: cannot reach https://…@host/x: timed out");
  }
}
