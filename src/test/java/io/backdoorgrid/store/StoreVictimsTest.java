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

class StoreVictimsTest {
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
    assertThat(store.commitVictim(VICTIM, FILES, DESCRIPTION)).isTrue();

    StoredVictim stored = store.victim(VICTIM).orElseThrow();
    assertThat(stored.id()).isEqualTo(VICTIM);
    assertThat(stored.description()).isEqualTo(DESCRIPTION);
    assertThat(stored.files()).containsExactlyInAnyOrderElementsOf(FILES.keySet());
    assertThat(stored.read("weights.safetensors")).containsExactly(1, 2, 3, 4);
    assertThat(store.victims()).containsExactly(VICTIM);
    assertThat(Samples.tree(folder))
        .containsExactly(
            "victims/" + VICTIM + "/trigger.json",
            "victims/" + VICTIM + "/victim.json",
            "victims/" + VICTIM + "/weights.safetensors");
  }

  @Test
  void ignoresASecondCommit() {
    store.commitVictim(VICTIM, FILES, DESCRIPTION);
    assertThat(store.commitVictim(VICTIM, FILES, Map.of())).isFalse();
    assertThat(store.victim(VICTIM).orElseThrow().description()).isEqualTo(DESCRIPTION);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void hasOneWinnerAmongManyAttempts() throws Exception {
    var won = Samples.atOnce(8, () -> store.commitVictim(VICTIM, FILES, DESCRIPTION));
    assertThat(won).containsOnlyOnce(true);
    assertThat(store.leftovers()).isEmpty();
  }

  @Test
  void isNotThereWithoutItsDescription() throws IOException {
    Files.createDirectories(victim);
    Files.write(victim.resolve("weights.safetensors"), new byte[] {1, 2});
    assertThat(store.victim(VICTIM)).isEmpty();
    assertThat(store.victims()).isEmpty();

    assertThat(store.commitVictim(VICTIM, FILES, DESCRIPTION)).isTrue();

    assertThat(store.victims()).containsExactly(VICTIM);
    assertThat(store.leftovers())
        .singleElement()
        .satisfies(path -> assertThat(path).contains("/.tmp/damaged-" + VICTIM));
  }

  @Test
  void isNotThereIfAFileHasAnotherSize() throws IOException {
    store.commitVictim(VICTIM, FILES, DESCRIPTION);
    Files.write(victim.resolve("weights.safetensors"), new byte[] {1, 2, 3});
    assertThat(store.victim(VICTIM)).isEmpty();
    assertThat(store.victims()).isEmpty();
  }

  @Test
  void isNotThereIfItsDescriptionWasChanged() throws IOException {
    store.commitVictim(VICTIM, FILES, DESCRIPTION);
    Path json = victim.resolve("victim.json");
    Files.writeString(json, Files.readString(json).replace("150", "151"));
    assertThat(store.victim(VICTIM)).isEmpty();
    assertThat(store.victims()).isEmpty();
  }

  @Test
  void refusesWeightsThatDoNotMatchTheirDigestUntilCommittedAgain() throws IOException {
    store.commitVictim(VICTIM, FILES, DESCRIPTION);
    Samples.flip(victim.resolve("weights.safetensors"), 2);
    StoredVictim stored = store.victim(VICTIM).orElseThrow();

    assertThatThrownBy(() -> stored.read("weights.safetensors"))
        .isInstanceOf(DamagedException.class)
        .hasMessage("%s/weights.safetensors: does not match its digest", victim);
    assertThat(stored.read("trigger.json")).isNotEmpty();
    assertThatThrownBy(stored::verify).isInstanceOf(DamagedException.class);

    assertThat(store.commitVictim(VICTIM, FILES, DESCRIPTION)).isTrue();
    store.victim(VICTIM).orElseThrow().verify();
  }

  @Test
  void refusesNamesThatAreNoFilesOfItsOwn() {
    assertThatThrownBy(
            () -> store.commitVictim(VICTIM, Map.of("../rows/x.csv", new byte[0]), Map.of()))
        .hasMessageContaining("got \"../rows/x.csv\"");
    assertThatThrownBy(
            () -> store.commitVictim(VICTIM, Map.of("victim.json", new byte[0]), Map.of()))
        .hasMessageContaining("not \"victim.json\"");
    assertThatThrownBy(() -> store.victim("../plans"))
        .hasMessage("a victim must be 16 hexadecimal digits (0-9, a-f), got ../plans");
    store.commitVictim(VICTIM, FILES, DESCRIPTION);
    assertThatThrownBy(() -> store.victim(VICTIM).orElseThrow().read("poison.csv"))
        .hasMessageContaining("has no file poison.csv, only [");
  }
}
