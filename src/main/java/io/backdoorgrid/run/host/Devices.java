package io.backdoorgrid.run.host;

import ai.djl.Device;
import io.backdoorgrid.torch.Torch;
import java.util.Optional;
import org.apache.spark.SparkEnv;
import org.apache.spark.TaskContext;

/** Which device a task computes on: the GPU that it was given, or else the CPU. */
public final class Devices {

  static final String GPU = "gpu";

  /** For trying a cluster's scheduling where there is no GPU. */
  private static final String PRETEND = "spark.backdoorgrid.pretend-gpus";

  /** Between how many GPUs the tasks of an embedded Spark are divided. */
  static final String LOCAL_GPUS = "spark.backdoorgrid.local-gpus";

  private Devices() {}

  /**
   * @throws MissingDeviceException if libtorch cannot compute on the GPU that the task was given:
   *     better another machine than days on this one's CPU
   */
  public static Device current() {
    Optional<String> address = assigned();
    if (address.isEmpty() || SparkEnv.get().conf().getBoolean(PRETEND, false)) {
      return Device.cpu();
    }
    Device device = gpu(address.get());
    Torch.reasonAgainst(device)
        .ifPresent(
            reason -> {
              throw new MissingDeviceException(address.get(), reason);
            });
    return device;
  }

  private static Device gpu(String address) {
    try {
      return Device.gpu(Integer.parseInt(address));
    } catch (NumberFormatException e) {
      throw new MissingDeviceException(address, "the discovery script must print numbers");
    }
  }

  /** The address of the GPU that this task was given, if any. */
  public static Optional<String> assigned() {
    TaskContext context = TaskContext.get();
    if (context == null) {
      return Optional.empty();
    }
    int local = SparkEnv.get().conf().getInt(LOCAL_GPUS, 0);
    return local > 0
        ? Optional.of(Integer.toString(LocalGpus.of(context, local)))
        : Optional.ofNullable(context.resourcesJMap().get(GPU))
            .map(resource -> resource.addresses()[0]);
  }

  /** How often Spark has started this task before, plus one. */
  public static int attempt() {
    TaskContext context = TaskContext.get();
    return context == null ? 1 : context.attemptNumber() + 1;
  }
}
