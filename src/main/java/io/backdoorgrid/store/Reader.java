package io.backdoorgrid.store;

import java.io.FileNotFoundException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Function;
import org.apache.hadoop.fs.Path;

/** Reads many small files at once, since each costs a round trip on HDFS and object stores. */
record Reader(Disk disk) {
  private static final int THREADS = 16;
  private static final int BATCH = 64;

  /** Turns bytes into a value, or says that they are damaged. */
  interface Decoder<T> {
    T decode(String key, byte[] bytes) throws DamagedException;
  }

  /** Values by key, in the order of the files; what vanished meanwhile is in neither part. */
  record Read<T>(Map<String, T> values, List<Rows.Damaged> damaged) {}

  <T> Read<T> read(Map<String, Path> files, Decoder<T> decoder) {
    Read<T> all = new Read<>(new LinkedHashMap<>(), new ArrayList<>());
    for (Read<T> one : map(files.keySet(), key -> readOne(key, files.get(key), decoder))) {
      all.values.putAll(one.values);
      all.damaged.addAll(one.damaged);
    }
    return all;
  }

  /** Applies a function that waits for the file system to every key, in several threads. */
  static <T> List<T> map(Iterable<String> all, Function<String, T> function) {
    List<String> keys = new ArrayList<>();
    all.forEach(keys::add);
    var pool =
        Executors.newFixedThreadPool(
            Math.min(THREADS, 1 + keys.size() / BATCH),
            task -> {
              Thread thread = new Thread(task, "store-reader");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<List<T>>> batches = new ArrayList<>();
      for (int from = 0; from < keys.size(); from += BATCH) {
        List<String> batch = keys.subList(from, Math.min(from + BATCH, keys.size()));
        batches.add(pool.submit(() -> batch.stream().map(function).toList()));
      }
      List<T> results = new ArrayList<>(keys.size());
      for (Future<List<T>> batch : batches) {
        results.addAll(batch.get());
      }
      return results;
    } catch (ExecutionException e) {
      throw e.getCause() instanceof StoreException known
          ? known
          : new IllegalStateException("reading the store failed", e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new StoreException("reading the store was interrupted", true, e);
    } finally {
      pool.shutdownNow();
    }
  }

  private <T> Read<T> readOne(String key, Path path, Decoder<T> decoder) {
    try {
      return new Read<>(Map.of(key, decoder.decode(key, disk.read(path))), List.of());
    } catch (DamagedException e) {
      return new Read<>(Map.of(), List.of(new Rows.Damaged(Reason.show(path), e.getMessage())));
    } catch (FileNotFoundException e) {
      // Moved aside since the listing, by an attempt that is about to commit it again.
      return new Read<>(Map.of(), List.of());
    } catch (IOException e) {
      // Not the same as damaged: taking it for missing would pay for the cell twice.
      throw Reason.exception("read", path, e);
    }
  }
}
