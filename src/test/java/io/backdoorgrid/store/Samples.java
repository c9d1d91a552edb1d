package io.backdoorgrid.store;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Executors;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;

/** What the tests of this package put into a store. */
public final class Samples {
  public static final String TRIAL = "00000000000000aa";
  public static final String OTHER_TRIAL = "00000000000000bb";
  static final String VICTIM = "0000000000000001";
  static final Map<String, byte[]> FILES =
      Map.of("weights.safetensors", new byte[] {1, 2, 3, 4}, "trigger.json", "{}".getBytes(UTF_8));
  static final Map<String, Object> DESCRIPTION =
      Map.of("attack", "badnets", "poison-rate", 0.05, "epochs", 150);

  private Samples() {}

  public static Store local(Path folder) {
    return Store.open(folder.toString(), new Configuration());
  }

  public static Row row(String trial) {
    return row(trial, "here");
  }

  public static Row row(String trial, String host) {
    Map<String, Object> values = new LinkedHashMap<>();
    values.put(Row.TRIAL, trial);
    values.put(Row.VICTIM, VICTIM);
    values.put(Row.ATTACK, "badnets");
    values.put("attack.size", 3);
    values.put(Metrics.ACC.column(), 93.25);
    values.put(Metrics.ASR.column(), Double.NaN);
    values.put(Row.HOST, host);
    return Row.of(values);
  }

  public static Failure failure(String trial, int attempt, String message) {
    return new Failure(
        trial, VICTIM, Failure.Kind.DIVERGED, message, "here", attempt, "2026-01-01T00:00:00Z");
  }

  /** The names of all files below a folder, sorted. */
  public static List<String> tree(Path folder) {
    try (var files = Files.walk(folder)) {
      return files
          .filter(Files::isRegularFile)
          .map(file -> folder.relativize(file).toString())
          .sorted()
          .toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public static void flip(Path file, int index) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    bytes[index] ^= 1;
    Files.write(file, bytes);
  }

  /** Runs a task in several threads that start together. */
  public static <T> List<T> atOnce(int threads, Callable<T> task) throws Exception {
    var start = new CountDownLatch(threads);
    var pool = Executors.newFixedThreadPool(threads);
    try {
      var futures =
          IntStream.range(0, threads)
              .mapToObj(
                  i ->
                      pool.submit(
                          () -> {
                            start.countDown();
                            start.await();
                            return task.call();
                          }))
              .toList();
      List<T> results = new java.util.ArrayList<>();
      for (var future : futures) {
        results.add(future.get());
      }
      return results;
    } finally {
      pool.shutdownNow();
    }
  }

  /** Where an attempt cannot tell how it ended, it is made again, as Spark does. */
  static boolean commitVictim(Store store, String victim) {
    while (true) {
      try {
        return store.commitObject(ObjectKind.VICTIM, victim, FILES, DESCRIPTION);
      } catch (StoreException e) {
        assertThat(e.retryable()).isTrue();
      }
    }
  }
}
