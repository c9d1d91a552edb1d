package io.backdoorgrid.run.victim;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.set.DataSets;
import io.backdoorgrid.grid.Spec;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;

/** Whether data sets are there: better one message at once than a failure per trial. */
public final class DataFolders {

  private DataFolders() {}

  /**
   * @param directory with the folders of all data sets
   * @throws BadDataException if the folder of one is missing
   */
  public static void require(Collection<Spec> datasets, Path directory) {
    datasets.forEach(dataset -> require(dataset, directory.toAbsolutePath()));
  }

  /**
   * Reads the data sets, too. This process keeps them for its tasks.
   *
   * @throws BadDataException if something of them is missing or damaged
   */
  public static void read(Collection<Spec> datasets, Path directory) {
    require(datasets, directory);
    datasets.forEach(dataset -> DataCache.load(dataset, directory.toAbsolutePath()));
  }

  private static void require(Spec dataset, Path directory) {
    DataSets.REGISTRY
        .create(dataset)
        .folder()
        .map(directory::resolve)
        .filter(folder -> !Files.isDirectory(folder))
        .ifPresent(
            folder -> {
              throw new BadDataException(
                  "no data set '%s': the folder %s is missing; name its parent with --data-dir"
                      .formatted(dataset.name(), folder));
            });
  }
}
