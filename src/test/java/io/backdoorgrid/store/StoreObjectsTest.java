package io.backdoorgrid.store;

import static io.backdoorgrid.store.Samples.DESCRIPTION;
import static io.backdoorgrid.store.Samples.FILES;
import static io.backdoorgrid.store.Samples.VICTIM;
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
import org.junit.jupiter.params.provider.EnumSource;

class StoreObjectsTest {
  @TempDir Path folder;
  private Store store;
  private Path victim;

  @BeforeEach
  void open() {
    store = Samples.local(folder);
    victim = folder.resolve("victims/" + VICTIM);
  }

  @Test
  void givesBackWhatWasCommitted() {
    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();

    StoredObject stored = store.object(ObjectKind.VICTIM, VICTIM).orElseThrow();
    assertThat(stored.id()).isEqualTo(VICTIM);
    assertThat(stored.description()).isEqualTo(DESCRIPTION);
    assertThat(stored.files()).containsExactlyInAnyOrderElementsOf(FILES.keySet());
    assertThat(stored.read("weights.safetensors")).containsExactly(1, 2, 3, 4);
    assertThat(store.objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
    assertThat(Samples.tree(folder))
        .containsExactly(
            "victims/" + VICTIM + "/trigger.json",
            "victims/" + VICTIM + "/victim.json",
            "victims/" + VICTIM + "/weights.safetensors");
  }

  @Test
  void ignoresASecondCommit() {
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, Map.of())).isFalse();
    assertThat(store.object(ObjectKind.VICTIM, VICTIM).orElseThrow().description())
        .isEqualTo(DESCRIPTION);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void hasOneWinnerAmongManyAttempts() throws Exception {
    var won =
        Samples.atOnce(8, () -> store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION));
    assertThat(won).containsOnlyOnce(true);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void isNotThereWithoutItsDescription() throws IOException {
    Files.createDirectories(victim);
    Files.write(victim.resolve("weights.safetensors"), new byte[] {1, 2});
    assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
    assertThat(store.objects(ObjectKind.VICTIM)).isEmpty();

    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();

    assertThat(store.objects(ObjectKind.VICTIM)).containsExactly(VICTIM);
    assertThat(store.leftovers())
        .singleElement()
        .satisfies(path -> assertThat(path).contains("/.tmp/damaged-" + VICTIM));
  }

  @Test
  void isNotThereIfAFileHasAnotherSize() throws IOException {
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    Files.write(victim.resolve("weights.safetensors"), new byte[] {1, 2, 3});
    assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
    assertThat(store.objects(ObjectKind.VICTIM)).isEmpty();
  }

  @Test
  void isNotThereIfItsDescriptionWasChanged() throws IOException {
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    Path json = victim.resolve("victim.json");
    Files.writeString(json, Files.readString(json).replace("150", "151"));
    assertThat(store.object(ObjectKind.VICTIM, VICTIM)).isEmpty();
    assertThat(store.objects(ObjectKind.VICTIM)).isEmpty();
  }

  @Test
  void refusesWeightsThatDoNotMatchTheirDigestUntilCommittedAgain() throws IOException {
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    Samples.flip(victim.resolve("weights.safetensors"), 2);
    StoredObject stored = store.object(ObjectKind.VICTIM, VICTIM).orElseThrow();

    assertThatThrownBy(() -> stored.read("weights.safetensors"))
        .isInstanceOf(DamagedException.class)
        .hasMessage("%s/weights.safetensors: does not match its digest", victim);
    assertThat(stored.read("trigger.json")).isNotEmpty();
    assertThatThrownBy(stored::verify).isInstanceOf(DamagedException.class);

    assertThat(store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION)).isTrue();
    store.object(ObjectKind.VICTIM, VICTIM).orElseThrow().verify();
  }

  @Test
  void refusesNamesThatAreNoFilesOfItsOwn() {
    assertThatThrownBy(
            () ->
                store.commitObject(
                    ObjectKind.VICTIM, VICTIM, Map.of("../rows/x.csv", new byte[0]), Map.of()))
        .hasMessageContaining("got \"../rows/x.csv\"");
    assertThatThrownBy(
            () ->
                store.commitObject(
                    ObjectKind.VICTIM, VICTIM, Map.of("victim.json", new byte[0]), Map.of()))
        .hasMessageContaining("not \"victim.json\"");
    assertThatThrownBy(() -> store.object(ObjectKind.VICTIM, "../plans"))
        .hasMessage("a victim must be 16 hexadecimal digits (0-9, a-f), got ../plans");
    store.commitObject(ObjectKind.VICTIM, VICTIM, FILES, DESCRIPTION);
    assertThatThrownBy(
            () -> store.object(ObjectKind.VICTIM, VICTIM).orElseThrow().read("poison.csv"))
        .hasMessageContaining("has no file poison.csv, only [");
  }

  @ParameterizedTest
  @EnumSource(ObjectKind.class)
  void keepsEveryKindInItsOwnFolder(ObjectKind kind) {
    store.commitObject(kind, VICTIM, FILES, DESCRIPTION);
    for (ObjectKind other : ObjectKind.values()) {
      assertThat(store.object(other, VICTIM).isPresent()).as("%s", other).isEqualTo(other == kind);
      assertThat(store.objects(other)).hasSize(other == kind ? 1 : 0);
    }
    assertThat(folder.resolve(kind.folder()).resolve(VICTIM).resolve(kind.manifest())).exists();
  }

  @Test
  void takesNoObjectOfAnotherKindForItsOwn() throws IOException {
    store.commitObject(ObjectKind.PHASE, VICTIM, FILES, DESCRIPTION);
    Path phase = folder.resolve("phases").resolve(VICTIM);
    Files.move(phase.resolve("phase.json"), phase.resolve("extractor.json"));
    Files.move(phase, folder.resolve("extractors").resolve(VICTIM));
    assertThat(store.object(ObjectKind.EXTRACTOR, VICTIM)).isEmpty();
  }

  @Test
  void keepsADescriptionWithoutFiles() {
    store.commitObject(ObjectKind.PHASE, VICTIM, Map.of(), DESCRIPTION);
    assertThat(store.object(ObjectKind.PHASE, VICTIM).orElseThrow().description())
        .isEqualTo(DESCRIPTION);
  }
}
