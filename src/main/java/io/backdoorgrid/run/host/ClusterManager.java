package io.backdoorgrid.run.host;

import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.run.RunException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.apache.spark.SparkConf;
import org.apache.spark.api.java.JavaSparkContext;

/**
 * What gives a run its executors, asked whether it can. Spark itself waits in silence for a master,
 * a machine or a size of executor that never comes.
 */
interface ClusterManager {

  String CORES = "spark.executor.cores";
  String MEMORY = "spark.executor.memory";
  String GPUS = "spark.executor.resource.gpu.amount";

  /** The one that a run has; empty if it runs in this process. */
  static Optional<ClusterManager> of(SparkConf conf) {
    String url = conf.get("spark.master");
    if (url.startsWith(StandaloneMaster.SCHEME)) {
      return Optional.of(new StandaloneMaster(conf, url));
    }
    if (url.equals("yarn")) {
      return Optional.of(new YarnManager(conf));
    }
    return url.startsWith("k8s://") ? Optional.of(new Kubernetes()) : Optional.empty();
  }

  /**
   * Asks before Spark starts.
   *
   * @throws RunException if nobody answers, or the answer is no
   */
  void requireReachable();

  /**
   * Asks when no executor has come for a while.
   *
   * @throws RunException if there will never be one
   */
  void requireRoom();

  /** What a run waits for that could have executors, but has none. */
  String busy();

  /**
   * Connects and hangs up, for managers whose clients try for long.
   *
   * @throws IOException with the reason, if nobody listens there
   */
  static void connect(InetSocketAddress address) throws IOException {
    try (var socket = new Socket()) {
      socket.connect(address, 5_000);
    }
  }

  /**
   * Returns as soon as there is an executor. Where other applications have taken all, that may take
   * long.
   *
   * @param told what it waits for, once
   * @throws RunException if there will never be one
   */
  default void awaitExecutor(JavaSparkContext spark, Consumer<String> told) {
    // Executors start within a few seconds where they start at all.
    long patience = System.nanoTime() + 7_000_000_000L;
    boolean waits = false;
    while (!spark.sc().isStopped() && !hasExecutor(spark)) {
      if (!waits && System.nanoTime() > patience) {
        requireRoom();
        told.accept("waiting: " + busy());
        waits = true;
      }
      try {
        Thread.sleep(200);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean hasExecutor(JavaSparkContext spark) {
    return spark.sc().statusTracker().getExecutorInfos().length > 1; // one is the driver
  }

  /**
   * The size of an executor, or of the largest there could be.
   *
   * @param megabytes of memory, all that its process takes
   */
  record Size(int cores, long megabytes, long gpus) {

    boolean hasRoomFor(Size asked) {
      return cores >= asked.cores && megabytes >= asked.megabytes && gpus >= asked.gpus;
    }

    /** The options that ask for more than this. */
    String toChange(Size asked) {
      List<String> settings = new ArrayList<>();
      if (asked.cores > cores) {
        settings.add("--conf " + CORES);
      }
      if (asked.megabytes > megabytes) {
        settings.add("--conf " + MEMORY);
      }
      if (asked.gpus > gpus) {
        settings.add("--conf " + GPUS);
      }
      return settings.isEmpty() ? "one of these" : String.join(" and ", settings);
    }

    @Override
    public String toString() {
      return "%s, %,d MB, %s"
          .formatted(Counts.of(cores, "core"), megabytes, Counts.of(gpus, "GPU"));
    }
  }

  /** The size that a run asks for, without what its process takes besides Java's memory. */
  static Size asked(SparkConf conf) {
    return new Size(
        Math.max(conf.getInt(CORES, 1), conf.getInt(SparkLauncher.TASK_CPUS, 1)),
        conf.getSizeAsMb(MEMORY, "1g"),
        conf.getInt(GPUS, 0));
  }
}
