package io.backdoorgrid.run.host;

import java.io.Serializable;
import java.nio.file.Path;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;

/**
 * The environment of a task: the same for all tasks of a run, and no part of any trial's identity.
 *
 * @param store URI of the results
 * @param dataDirectory folder of the data sets on the machine that runs the task
 * @param hadoop settings of the file systems
 * @param threads cores that the operators of one task may use
 * @param failFast whether a task ends with its first failed trial
 * @param checkpointSeconds how long a training goes on, at least, without a checkpoint
 * @param version of BackdoorGrid
 * @param commit of its source code
 */
public record Environment(
    String store,
    String dataDirectory,
    SerializableConfiguration hadoop,
    int threads,
    boolean failFast,
    int checkpointSeconds,
    String version,
    String commit)
    implements Serializable {

  public Path dataPath() {
    return Path.of(dataDirectory);
  }

  public Configuration configuration() {
    return hadoop.value();
  }

  /** Of what is done in this process, on its processor, without checkpoints. */
  public static Environment ofThisProcess(
      String storeUri, String dataDirectory, Configuration hadoop, int threads) {
    return new Environment(
        storeUri,
        dataDirectory,
        new SerializableConfiguration(hadoop),
        threads,
        false,
        Integer.MAX_VALUE,
        Version.number(),
        Version.commit());
  }
}
