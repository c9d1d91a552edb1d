package io.backdoorgrid.run.host;

import java.util.Optional;
import java.util.regex.Pattern;
import org.apache.spark.SparkConf;
import org.apache.spark.resource.ExecutorResourceRequests;
import org.apache.spark.resource.ResourceProfile;
import org.apache.spark.resource.ResourceProfileBuilder;
import org.apache.spark.resource.TaskResourceRequests;

/** The resources of tasks that leave the GPUs to others. */
public final class ProcessorOnly {

  private static final String GPUS_PER_TASK =
      "spark.task.resource.%s.amount".formatted(Devices.GPU);

  /** Others give every stage of an application the same. */
  private static final Pattern MASTERS_WITH_PROFILES =
      Pattern.compile("(spark|k8s)://.*|yarn|local-cluster\\[.*");

  private ProcessorOnly() {}

  /**
   * @return empty where tasks hold no GPU anyway, or the cluster manager knows no profiles
   */
  public static Optional<ResourceProfile> profile(SparkConf conf) {
    if (conf.getDouble(GPUS_PER_TASK, 0) == 0
        || !MASTERS_WITH_PROFILES.matcher(conf.get("spark.master")).matches()) {
      return Optional.empty();
    }
    int cores = conf.getInt(SparkLauncher.TASK_CPUS, 1);
    var builder = new ResourceProfileBuilder().require(new TaskResourceRequests().cpus(cores));
    if (conf.getBoolean("spark.dynamicAllocation.enabled", false)) {
      // Then executors are started for the profile; otherwise its tasks take the cores that tasks
      // with GPUs leave.
      builder.require(
          new ExecutorResourceRequests()
              .cores(conf.getInt("spark.executor.cores", cores))
              .memory(conf.get("spark.executor.memory", "1g")));
    }
    return Optional.of(builder.build());
  }
}
