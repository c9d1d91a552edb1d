package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.FILES;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

class StoreObjectsTest {
  private static final String ID = "0000000000000001";

  @TempDir Path folder;
  private Store store;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
  }

  private Path at(ObjectKind kind) {
    return folder.resolve(kind.folder()).resolve(ID);
  }

  @ParameterizedTest
  @CsvSource({
    "VICTIM, victims, victim.json",
    "EXTRACTOR, extractors, extractor.json",
    "PHASE, phases, phase.json",
    "FINDINGS, findings, findings.json"
  })
  void givesBackWhatWasCommitted(ObjectKind kind, String objects, String manifest) {
    assertThat(store.commitObject(kind, ID, FILES, DESCRIPTION)).isTrue();

    StoredObject stored = store.object(kind, ID).orElseThrow();
    assertThat(stored.id()).isEqualTo(ID);
    assertThat(stored.description()).isEqualTo(DESCRIPTION);
    assertThat(stored.files()).containsExactlyInAnyOrderElementsOf(FILES.keySet());
    assertThat(stored.read("weights.safetensors")).containsExactly(1, 2, 3, 4);
    assertThat(store.objects(kind)).containsExactly(ID);
    String path = objects + "/" + ID + "/";
    assertThat(Samples.tree(folder))
        .containsExactlyInAnyOrder(
            path + manifest, path + "trigger.json", path + "weights.safetensors");
  }

  /** Stores of earlier versions stay valid. */
  @ParameterizedTest
  @CsvSource({
    "VICTIM, victim, bc0020f94d7d7fc0",
    "EXTRACTOR, extractor, 3bd3dfd4d3b60cb0",
    "PHASE, phase, a33138ed6de62d32"
  })
  void writesTheSameManifestAsEver(ObjectKind kind, String name, String digest) {
    store.commitObject(
        kind, ID, Map.of("weights.safetensors", new byte[] {1, 2, 3, 4}), Map.of("epochs", 150));
    assertThat(at(kind).resolve(name + ".json"))
        .content()
        .isEqualTo(
            """
            {
              "%s" : "0000000000000001",
              "files" : [ {
                "name" : "weights.safetensors",
                "bytes" : 4,
                "sha256" : "9f64a747e1b97f131fabb6b447296c9b6f0201e79fb3c5356e6c77e89b6a806a"
              } ],
              "description" : {
                "epochs" : 150
              },
              "digest" : "%s"
            }\
            """
                .formatted(name, digest));
  }

  @ParameterizedTest
  @EnumSource
  void ignoresASecondCommit(ObjectKind kind) {
    store.commitObject(kind, ID, FILES, DESCRIPTION);
    assertThat(store.commitObject(kind, ID, FILES, Map.of())).isFalse();
    assertThat(store.object(kind, ID).orElseThrow().description()).isEqualTo(DESCRIPTION);
    assertThat(store.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void hasOneWinnerAmongManyAttempts(ObjectKind kind) throws Exception {
    var won = Samples.atOnce(8, () -> store.commitObject(kind, ID, FILES, DESCRIPTION));
    assertThat(won).containsOnlyOnce(true);
    assertThat(store.leftovers()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void isNoObjectOfAnotherKind(ObjectKind kind) {
    store.commitObject(kind, ID, FILES, DESCRIPTION);
    for (ObjectKind other : ObjectKind.values()) {
      assertThat(store.object(other, ID).isPresent()).as("%s", other).isEqualTo(other == kind);
      assertThat(store.objects(other)).as("%s", other).hasSize(other == kind ? 1 : 0);
    }
  }

  @ParameterizedTest
  @CsvSource({"EXTRACTOR, victim.json", "EXTRACTOR, extractor.json", "PHASE, phase.json"})
  void doesNotTakeAVictimInItsFolderForItsOwn(ObjectKind kind, String manifest) throws IOException {
    store.commitObject(ObjectKind.VICTIM, ID, FILES, DESCRIPTION);
    Files.move(at(ObjectKind.VICTIM), at(kind));
    Files.move(at(kind).resolve("victim.json"), at(kind).resolve(manifest));
    assertThat(store.object(kind, ID)).isEmpty();
    assertThat(store.objects(kind)).isEmpty();

    assertThat(store.commitObject(kind, ID, FILES, DESCRIPTION)).isTrue();

    store.object(kind, ID).orElseThrow().verify();
    assertThat(store.leftovers()).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource
  void isNotThereWithoutItsDescription(ObjectKind kind) throws IOException {
    Files.createDirectories(at(kind));
    Files.write(at(kind).resolve("weights.safetensors"), new byte[] {1, 2});
    assertThat(store.object(kind, ID)).isEmpty();
    assertThat(store.objects(kind)).isEmpty();

    assertThat(store.commitObject(kind, ID, FILES, DESCRIPTION)).isTrue();

    assertThat(store.objects(kind)).containsExactly(ID);
    assertThat(store.leftovers())
        .singleElement()
        .satisfies(path -> assertThat(path).contains("/.tmp/damaged-" + ID));
  }

  @ParameterizedTest
  @EnumSource
  void isNotThereIfAFileHasAnotherSize(ObjectKind kind) throws IOException {
    store.commitObject(kind, ID, FILES, DESCRIPTION);
    Files.write(at(kind).resolve("weights.safetensors"), new byte[] {1, 2, 3});
    assertThat(store.object(kind, ID)).isEmpty();
    assertThat(store.objects(kind)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void isNotThereIfItsDescriptionWasChanged(ObjectKind kind) throws IOException {
    store.commitObject(kind, ID, FILES, DESCRIPTION);
    Path json = at(kind).resolve(kind.manifest());
    Files.writeString(json, Files.readString(json).replace("150", "151"));
    assertThat(store.object(kind, ID)).isEmpty();
    assertThat(store.objects(kind)).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void refusesWeightsThatDoNotMatchTheirDigestUntilCommittedAgain(ObjectKind kind)
      throws IOException {
    store.commitObject(kind, ID, FILES, DESCRIPTION);
    Samples.flip(at(kind).resolve("weights.safetensors"), 2);
    StoredObject stored = store.object(kind, ID).orElseThrow();

    assertThatThrownBy(() -> stored.read("weights.safetensors"))
        .isInstanceOf(DamagedException.class)
        .hasMessage("%s/weights.safetensors: does not match its digest", at(kind));
    assertThat(stored.read("trigger.json")).isNotEmpty();
    assertThatThrownBy(stored::verify).isInstanceOf(DamagedException.class);

    assertThat(store.commitObject(kind, ID, FILES, DESCRIPTION)).isTrue();
    store.object(kind, ID).orElseThrow().verify();
  }

  @ParameterizedTest
  @CsvSource({"VICTIM, a victim", "EXTRACTOR, an extractor", "PHASE, a phase"})
  void refusesIdsThatAreNone(ObjectKind kind, String one) {
    assertThatThrownBy(() -> store.object(kind, "../plans"))
        .hasMessage("%s must be 16 hexadecimal digits (0-9, a-f), got ../plans", one);
    assertThatThrownBy(() -> store.commitObject(kind, "../plans", FILES, DESCRIPTION))
        .hasMessage("%s must be 16 hexadecimal digits (0-9, a-f), got ../plans", one);
  }

  @ParameterizedTest
  @EnumSource
  void refusesItsManifestAsPayload(ObjectKind kind) {
    String manifest = kind + ".json";
    assertThatThrownBy(() -> store.commitObject(kind, ID, Map.of(manifest, new byte[0]), Map.of()))
        .hasMessageStartingWith("%s %s: a file must be named", kind, ID)
        .hasMessageEndingWith("not \"%s\", got \"%s\"", manifest, manifest);
  }

  @Test
  void refusesNamesThatAreNoFilesOfItsOwn() {
    assertThatThrownBy(
            () ->
                store.commitObject(
                    ObjectKind.VICTIM, ID, Map.of("../rows/x.csv", new byte[0]), Map.of()))
        .hasMessageContaining("got \"../rows/x.csv\"");
    store.commitObject(ObjectKind.VICTIM, ID, FILES, DESCRIPTION);
    assertThatThrownBy(() -> store.object(ObjectKind.VICTIM, ID).orElseThrow().read("poison.csv"))
        .hasMessageStartingWith("victim %s has no file poison.csv, only [", ID);
  }
}
