package io.backdoorgrid.run.victim;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import ai.djl.Device;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.Checkpoints.Checkpoint;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.api.io.TempDir;

@ExtendWith(TorchThread.class)
class StoredCheckpointsTest {

  @TempDir Path folder;
  private Plan plan;
  private Store store;

  @BeforeEach
  void open() {
    plan =
        Grids.plan(
            folder,
            "{victims: {dataset: {shapes: {train-images: 100, test-images: 100}}, model: {resnet18:"
                + " {width: 4}}, attack: none, seed: [0, 1]}, defenses: none}");
    store = Store.open(folder.resolve("out").toString(), new Configuration());
  }

  private StoredCheckpoints checkpoints(int seed, int threads, String commit, int seconds) {
    var environment =
        new Environment(
            store.uri(),
            folder.toString(),
            new SerializableConfiguration(new Configuration()),
            threads,
            false,
            seconds,
            "test",
            commit);
    Victim victim = plan.victims().get(seed);
    return new StoredCheckpoints(
        victim, Material.of(victim, environment, Device.cpu()), environment, store);
  }

  private static SafeTensors state(float value) {
    return new SafeTensors(Map.of("a", new Tensor(new long[] {1}, new float[] {value})));
  }

  private static float value(Checkpoint checkpoint) {
    return checkpoint.state().tensors().get("a").values()[0];
  }

  @Test
  void keepTheLatestOfEachVictimAndItsTime() {
    StoredCheckpoints one = checkpoints(0, 1, "a1", 0);
    StoredCheckpoints other = checkpoints(1, 1, "a1", 0);
    assertThat(one.latest()).isEmpty();
    one.epochDone(9, () -> state(9));
    other.epochDone(3, () -> state(3));
    one.epochDone(10, () -> state(10));
    assertThat(store.objects(ObjectKind.CHECKPOINT)).hasSize(2);

    StoredCheckpoints later = checkpoints(0, 1, "a1", 0);
    Checkpoint latest = later.latest().orElseThrow();
    assertThat(latest.epochs()).isEqualTo(10);
    assertThat(value(latest)).isEqualTo(10);
    assertThat(later.secondsBefore()).isPositive();
    later.remove();
    assertThat(checkpoints(0, 1, "a1", 0).latest()).isEmpty();
    assertThat(value(checkpoints(1, 1, "a1", 0).latest().orElseThrow())).isEqualTo(3);
  }

  @Test
  void areOfNoUseWhereTheBitsWouldDiffer() {
    checkpoints(0, 1, "a1", 0).epochDone(5, () -> state(5));
    assertThat(checkpoints(0, 2, "a1", 0).latest()).isEmpty();
    assertThat(checkpoints(0, 1, "b2", 0).latest()).isEmpty();
    assertThat(checkpoints(0, 1, "a1", 0).latest()).isPresent();
  }

  @Test
  void areNotAskedForBeforeTheirTime() {
    checkpoints(0, 1, "a1", 3600).epochDone(5, () -> fail("too early"));
  }

  @Test
  void thatAreDamagedAreNone() throws Exception {
    checkpoints(0, 1, "a1", 0).epochDone(5, () -> state(5));
    String id = store.objects(ObjectKind.CHECKPOINT).iterator().next();
    Path file = folder.resolve("out/checkpoints/" + id + "/state.safetensors");
    byte[] bytes = Files.readAllBytes(file);
    bytes[bytes.length - 1] ^= 1;
    Files.write(file, bytes);
    StoredCheckpoints later = checkpoints(0, 1, "a1", 0);
    assertThat(later.latest()).isEmpty();
    assertThat(later.secondsBefore()).isZero();
  }
}
