package io.backdoorgrid.run;

import ai.djl.Device;
import org.apache.spark.TaskContext;

/** Which device a task computes on: the GPU that Spark gave it, or else the CPU. */
final class Devices {

  private static final String GPU = "gpu";

  private Devices() {}

  static Device current() {
    TaskContext context = TaskContext.get();
    if (context == null || !context.resourcesJMap().containsKey(GPU)) {
      return Device.cpu();
    }
    return Device.gpu(Integer.parseInt(context.resourcesJMap().get(GPU).addresses()[0]));
  }

  /** How often Spark has started this task before, plus one. */
  static int attempt() {
    TaskContext context = TaskContext.get();
    return context == null ? 1 : context.attemptNumber() + 1;
  }
}
