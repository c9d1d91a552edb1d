package io.backdoorgrid.run.victim;

import io.backdoorgrid.grid.VictimId;
import java.lang.ref.SoftReference;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.apache.spark.SparkEnv;

/**
 * The victims that this executor used last, as they were read from the store and found sound: the
 * next of a victim's trials needs no file of it. Under memory pressure they are read again.
 */
final class VictimCache {

  private static final int MOST = 8;

  /** Another application, though in the same process, looks into the store itself. */
  private record Key(String application, String store, VictimId victim) {}

  private static final Map<Key, SoftReference<StoredVictim>> CACHE =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<Key, SoftReference<StoredVictim>> eldest) {
          return size() > MOST;
        }
      };

  private VictimCache() {}

  /** Tasks that ask at the same time may each read it. */
  static Optional<StoredVictim> find(
      String store, VictimId victim, Supplier<Optional<StoredVictim>> reading) {
    if (SparkEnv.get() == null) {
      return reading.get();
    }
    var key = new Key(SparkEnv.get().conf().getAppId(), store, victim);
    Optional<StoredVictim> cached = get(key);
    if (cached.isPresent()) {
      return cached;
    }
    Optional<StoredVictim> read = reading.get();
    read.ifPresent(stored -> put(key, stored));
    return read;
  }

  private static synchronized Optional<StoredVictim> get(Key key) {
    return Optional.ofNullable(CACHE.get(key)).map(SoftReference::get);
  }

  private static synchronized void put(Key key, StoredVictim stored) {
    CACHE.put(key, new SoftReference<>(stored));
  }
}
