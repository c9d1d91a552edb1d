package io.backdoorgrid.run.host;

import java.util.HashMap;
import java.util.Map;
import org.apache.spark.TaskContext;
import org.apache.spark.util.TaskCompletionListener;

/** Divides tasks between the GPUs of this machine: an embedded Spark knows no GPUs. */
final class LocalGpus {

  private static final LocalGpus THIS_PROCESS = new LocalGpus();

  private final Map<Long, Integer> taken = new HashMap<>();

  /** The GPU of a task, the same whenever it asks, until it has ended. */
  static int of(TaskContext context, int gpus) {
    long task = context.taskAttemptId();
    if (!THIS_PROCESS.holds(task)) {
      TaskCompletionListener listener = ended -> THIS_PROCESS.giveBack(task);
      context.addTaskCompletionListener(listener);
    }
    return THIS_PROCESS.take(task, gpus);
  }

  private synchronized boolean holds(long task) {
    return taken.containsKey(task);
  }

  /**
   * Takes the GPU that the fewest tasks hold.
   *
   * @return its number, below {@code gpus}
   */
  synchronized int take(long task, int gpus) {
    Integer had = taken.get(task);
    if (had != null) {
      return had;
    }
    int[] holders = new int[gpus];
    taken.values().forEach(gpu -> holders[gpu]++);
    int least = 0;
    for (int gpu = 1; gpu < gpus; gpu++) {
      if (holders[gpu] < holders[least]) {
        least = gpu;
      }
    }
    taken.put(task, least);
    return least;
  }

  synchronized void giveBack(long task) {
    taken.remove(task);
  }
}
