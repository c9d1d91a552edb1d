package io.backdoorgrid.run;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.metric.Metrics;
import io.backdoorgrid.run.schedule.Progress;
import io.backdoorgrid.store.Store;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.apache.hadoop.conf.Configuration;

/** The quickstart grid, small enough for seconds. */
final class SmallQuickstart {
  static final List<String> SETTINGS =
      List.of(
          "shapes.train-images=300",
          "shapes.test-images=100",
          "resnet18.width=4",
          "train.epochs=2",
          "train.batch=50",
          "ft.epochs=1",
          "ft.batch=15");

  private SmallQuickstart() {}

  /** What a table shows of each trial. */
  static Map<String, List<String>> numbers(Path out) {
    var numbers = new TreeMap<String, List<String>>();
    Store.openForReading(out.toString(), new Configuration())
        .rows()
        .byTrial()
        .forEach(
            (id, row) ->
                numbers.put(
                    id,
                    Stream.of(
                            Metrics.ACC.victimColumn(),
                            Metrics.ASR.victimColumn(),
                            Metrics.ACC.column(),
                            Metrics.ASR.column(),
                            Metrics.RA.column())
                        .map(row::text)
                        .toList()));
    return numbers;
  }

  /** The numbers of a run in this process, which leaves them in a folder for the next caller. */
  static Map<String, List<String>> embedded(Path out) {
    if (!Files.exists(out)) {
      var plan =
          GridReader.read(
              Path.of("grids/quickstart.yaml"),
              new Algorithms(),
              new Overrides(Optional.empty(), SETTINGS, List.of(), OptionalLong.empty()));
      Runs.run(
          plan,
          new RunOptions(
              out.toString(),
              "data",
              OptionalInt.of(1),
              Optional.empty(),
              0,
              Map.of(),
              false,
              false,
              false),
          Progress.NONE);
    }
    return numbers(out);
  }

  static boolean hasRow(Path rows) {
    if (!Files.isDirectory(rows)) {
      return false;
    }
    try (Stream<Path> files = Files.list(rows)) {
      return files.findAny().isPresent();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
