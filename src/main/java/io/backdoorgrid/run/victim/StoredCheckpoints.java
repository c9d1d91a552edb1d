package io.backdoorgrid.run.victim;

import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.Checkpoints;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;

/**
 * Checkpoints of a victim's training in the store. A training goes on only where it comes to the
 * same bits: with the same code, libraries, data, arithmetic, kind of device and number of threads.
 */
final class StoredCheckpoints implements Checkpoints {

  private static final String STATE = "state.safetensors";
  private static final String EPOCHS = "epochs";
  private static final String SECONDS = "seconds";

  /** What the numbers depend on beside the victim. */
  private static final Set<String> SAME =
      Set.of(Row.COMMIT, Row.DJL, Row.PYTORCH, Row.ARITHMETIC, Row.THREADS, Row.DATA_DIGEST);

  private final Victim victim;
  private final Material material;
  private final Environment environment;
  private final Store store;
  private final long start = System.nanoTime();
  private long last = start;
  private double secondsBefore;

  StoredCheckpoints(Victim victim, Material material, Environment environment, Store store) {
    this.victim = victim;
    this.material = material;
    this.environment = environment;
    this.store = store;
  }

  @Override
  public Optional<Checkpoint> latest() {
    Optional<StoredObject> latest = Optional.empty();
    for (StoredObject found : all()) {
      if (fits(found) && latest.map(other -> epochs(other) < epochs(found)).orElse(true)) {
        latest = Optional.of(found);
      }
    }
    try {
      Optional<Checkpoint> checkpoint =
          latest.map(found -> new Checkpoint(epochs(found), SafeTensors.parse(found.read(STATE))));
      secondsBefore = latest.map(found -> number(found, SECONDS).doubleValue()).orElse(0.0);
      return checkpoint;
    } catch (DamagedException e) {
      return Optional.empty();
    }
  }

  private List<StoredObject> all() {
    return store.objects(ObjectKind.CHECKPOINT).stream()
        .flatMap(id -> store.object(ObjectKind.CHECKPOINT, id).stream())
        .filter(found -> victim.id().toString().equals(found.description().get(Row.VICTIM)))
        .toList();
  }

  private boolean fits(StoredObject found) {
    Map<String, Object> now = surroundings();
    Object device = found.description().get(Row.DEVICE);
    return SAME.stream()
            .allMatch(
                key ->
                    String.valueOf(now.get(key))
                        .equals(String.valueOf(found.description().get(key))))
        && kind(now.get(Row.DEVICE)).equals(kind(device));
  }

  /** Which of a machine's GPUs it is does not matter. */
  private static String kind(Object device) {
    return String.valueOf(device).replaceFirst("\\(.*", "");
  }

  private static int epochs(StoredObject found) {
    return number(found, EPOCHS).intValue();
  }

  private static Number number(StoredObject found, String key) {
    return (Number) found.description().get(key);
  }

  private Map<String, Object> surroundings() {
    Map<String, Object> columns = Descriptions.surroundings(material.design(), environment);
    columns.put(Row.DATA_DIGEST, material.digest());
    return columns;
  }

  @Override
  public void epochDone(int epochs, Supplier<SafeTensors> state) {
    long now = System.nanoTime();
    if (now - last < TimeUnit.SECONDS.toNanos(environment.checkpointSeconds())) {
      return;
    }
    last = now;
    var description = new LinkedHashMap<String, Object>();
    description.put(Row.VICTIM, victim.id().toString());
    description.put(EPOCHS, epochs);
    description.put(SECONDS, seconds());
    description.putAll(surroundings());
    String id = Digest.brief(victim.id() + " " + epochs + " " + surroundings());
    try {
      store.commitObject(
          ObjectKind.CHECKPOINT, id, Map.of(STATE, state.get().toBytes()), description);
      all()
          .forEach(
              found -> {
                if (!found.id().equals(id)) {
                  store.removeObject(ObjectKind.CHECKPOINT, found.id());
                }
              });
    } catch (StoreException e) {
      // The training needs none; whether the store is really gone, the next commit tells.
    }
  }

  private double seconds() {
    return secondsBefore + (System.nanoTime() - start) / 1e9;
  }

  /** What the training had taken when it was at the checkpoint with which it went on. */
  double secondsBefore() {
    return secondsBefore;
  }

  /** The victim is there, and no one will go on with its training. */
  void remove() {
    try {
      all().forEach(found -> store.removeObject(ObjectKind.CHECKPOINT, found.id()));
    } catch (StoreException e) {
      // They take room, and nothing else.
    }
  }
}
