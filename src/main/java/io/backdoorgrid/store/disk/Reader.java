package io.backdoorgrid.store.disk;

import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.row.Rows;
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

/**
 * Reads many files at once.
 *
 * @param batch how many one thread reads one after the other
 */
public record Reader(Disk disk, int threads, int batch) {
  private static final int THREADS = 16;
  private static final int BATCH = 64;

  /** Each costs a round trip on HDFS and object stores, and nearly nothing else. */
  public static Reader ofSmallFiles(Disk disk) {
    return new Reader(disk, THREADS, BATCH);
  }

  /** They cost memory, and time to decode. */
  public static Reader ofLargeFiles(Disk disk) {
    return new Reader(disk, Runtime.getRuntime().availableProcessors(), 1);
  }

  /** Turns bytes into a value, or says that they are damaged. */
  public interface Decoder<T> {
    T decode(String key, byte[] bytes) throws DamagedException;
  }

  /**
   * @param values by key, in the order of the files
   * @param gone how many files vanished meanwhile, and are in neither part
   */
  public record Read<T>(Map<String, T> values, List<Rows.Damaged> damaged, int gone) {}

  public <T> Read<T> read(Map<String, Path> files, Decoder<T> decoder) {
    Map<String, T> values = new LinkedHashMap<>();
    List<Rows.Damaged> damaged = new ArrayList<>();
    int gone = 0;
    for (Read<T> one : map(files.keySet(), key -> readOne(key, files.get(key), decoder))) {
      values.putAll(one.values);
      damaged.addAll(one.damaged);
      gone += one.gone;
    }
    return new Read<>(values, damaged, gone);
  }

  /** Applies a function that waits for the file system to every key, in several threads. */
  public <T> List<T> map(Iterable<String> all, Function<String, T> function) {
    List<String> keys = new ArrayList<>();
    all.forEach(keys::add);
    var pool =
        Executors.newFixedThreadPool(
            Math.min(threads, 1 + keys.size() / batch),
            task -> {
              Thread thread = new Thread(task, "store-reader");
              thread.setDaemon(true);
              return thread;
            });
    try {
      List<Future<List<T>>> batches = new ArrayList<>();
      for (int from = 0; from < keys.size(); from += batch) {
        List<String> part = keys.subList(from, Math.min(from + batch, keys.size()));
        batches.add(pool.submit(() -> part.stream().map(function).toList()));
      }
      List<T> results = new ArrayList<>(keys.size());
      for (Future<List<T>> batch : batches) {
        results.addAll(batch.get());
      }
      return results;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
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
      return new Read<>(Map.of(key, decoder.decode(key, disk.read(path))), List.of(), 0);
    } catch (DamagedException e) {
      return new Read<>(Map.of(), List.of(new Rows.Damaged(Reason.show(path), e.getMessage())), 0);
    } catch (FileNotFoundException e) {
      // Moved aside since the listing, by an attempt that is about to commit it again; or
      // compacted.
      return new Read<>(Map.of(), List.of(), 1);
    } catch (IOException e) {
      // Not the same as damaged: taking it for missing would pay for the cell twice.
      throw Reason.exception("read", path, e);
    }
  }
}
