package io.backdoorgrid.run.victim;

import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Spec;
import java.lang.ref.SoftReference;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/**
 * The data sets that this process has read: an executor runs many trials on the same images. Under
 * memory pressure they are read again.
 */
final class DataCache {

  /**
   * @param digest of all images and labels
   */
  record Loaded(DataSet.Images images, String digest) {}

  private record Key(Spec spec, Path directory) {}

  private static final Map<Key, SoftReference<Loaded>> CACHE = new HashMap<>();

  private DataCache() {}

  /** Tasks that ask at the same time wait for one reading. */
  static synchronized Loaded load(Spec spec, Path directory) {
    var key = new Key(spec, directory);
    SoftReference<Loaded> reference = CACHE.get(key);
    Loaded loaded = reference == null ? null : reference.get();
    if (loaded == null) {
      DataSet.Images images = DataSets.REGISTRY.create(spec).load(directory);
      loaded = new Loaded(images, images.train().digest() + images.test().digest());
      CACHE.put(key, new SoftReference<>(loaded));
    }
    return loaded;
  }
}
