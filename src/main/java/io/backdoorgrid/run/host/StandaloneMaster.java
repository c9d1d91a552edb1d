package io.backdoorgrid.run.host;

import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.run.RunException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.StringJoiner;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import scala.reflect.ClassTag$;

/**
 * Spark's standalone master, asked whether it can give what a run wants. Spark itself waits in
 * silence for a master or a worker that never comes.
 */
final class StandaloneMaster {

  private static final String SCHEME = "spark://";
  private static final int CONNECT_MILLIS = 5_000;
  private static final int POLL_MILLIS = 200;

  /** Executors start within a few seconds where they start at all. */
  private static final int PATIENCE_SECONDS = 10;

  private static final String CORES = "spark.executor.cores";
  private static final String MEMORY = "spark.executor.memory";
  private static final String GPUS = "spark.executor.resource.gpu.amount";

  private final SparkConf conf;
  private final String url;

  private StandaloneMaster(SparkConf conf, String url) {
    this.conf = conf;
    this.url = url;
  }

  /** The one that a run has; empty if it runs elsewhere. */
  static Optional<StandaloneMaster> of(SparkConf conf) {
    String url = conf.get("spark.master");
    return url.startsWith(SCHEME) ? Optional.of(new StandaloneMaster(conf, url)) : Optional.empty();
  }

  /**
   * @throws RunException if none of its addresses answers
   */
  void requireReachable() {
    var reasons = new StringJoiner(", ");
    for (String address : addresses()) {
      RpcAddress at = RpcAddress.fromSparkURL(address);
      try (var socket = new Socket()) {
        socket.connect(new InetSocketAddress(at.host(), at.port()), CONNECT_MILLIS);
        return;
      } catch (IOException | IllegalArgumentException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw RunException.unmet(
        "no Spark master answers at %s (%s); is it running, and is that the address on its page?"
            .formatted(url, reasons));
  }

  /** Several masters are written as {@code spark://one:7077,two:7077}. */
  private List<String> addresses() {
    return Arrays.stream(url.substring(SCHEME.length()).split(","))
        .map(address -> SCHEME + address)
        .toList();
  }

  /**
   * Returns as soon as there is an executor. Where other applications have taken all, that may take
   * long.
   *
   * @param told what it waits for, once
   * @throws RunException if there will never be one
   */
  void awaitExecutor(JavaSparkContext spark, Consumer<String> told) {
    long start = System.nanoTime();
    boolean waits = false;
    while (!spark.sc().isStopped() && !hasExecutor(spark)) {
      if (!waits && System.nanoTime() - start > PATIENCE_SECONDS * 1_000_000_000L) {
        requireRoom();
        told.accept("waiting: other applications use the workers of " + url);
        waits = true;
      }
      try {
        Thread.sleep(POLL_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return;
      }
    }
  }

  private static boolean hasExecutor(JavaSparkContext spark) {
    return spark.sc().statusTracker().getExecutorInfos().length > 1; // one is the driver
  }

  private void requireRoom() {
    List<WorkerInfo> workers = workers();
    if (workers.isEmpty()) {
      throw RunException.unmet(
          "no worker has joined %s; start some: $SPARK_HOME/sbin/start-worker.sh %s"
              .formatted(url, url));
    }
    int memory = (int) conf.getSizeAsMb(MEMORY, "1g");
    int cores = Math.max(conf.getInt(CORES, 1), conf.getInt(SparkLauncher.TASK_CPUS, 1));
    int gpus = conf.getInt(GPUS, 0);
    boolean fits =
        workers.stream()
            .anyMatch(w -> w.cores() >= cores && w.memory() >= memory && gpus(w) >= gpus);
    if (!fits) {
      List<String> settings = new ArrayList<>();
      addIf(cores > most(workers, WorkerInfo::cores), CORES, settings);
      addIf(memory > most(workers, WorkerInfo::memory), MEMORY, settings);
      addIf(gpus > most(workers, StandaloneMaster::gpus), GPUS, settings);
      throw RunException.unmet(
          "no worker of %s has room for an executor of %s; they have up to %s; change %s"
              .formatted(
                  url,
                  text(cores, memory, gpus),
                  text(
                      most(workers, WorkerInfo::cores),
                      most(workers, WorkerInfo::memory),
                      most(workers, StandaloneMaster::gpus)),
                  settings.isEmpty() ? "one of these" : String.join(" and ", settings)));
    }
  }

  private static void addIf(boolean condition, String setting, List<String> settings) {
    if (condition) {
      settings.add("--conf " + setting);
    }
  }

  private List<WorkerInfo> workers() {
    List<WorkerInfo> workers = new ArrayList<>();
    for (String address : addresses()) {
      RpcEndpointRef master =
          SparkEnv.get().rpcEnv().setupEndpointRef(RpcAddress.fromSparkURL(address), "Master");
      MasterStateResponse state =
          master.askSync(
              RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class));
      Arrays.stream(state.workers()).filter(WorkerInfo::isAlive).forEach(workers::add);
    }
    return workers;
  }

  private static int gpus(WorkerInfo worker) {
    return worker.resources().contains("gpu")
        ? worker.resources().apply("gpu").availableAddrs().size()
            + worker.resources().apply("gpu").assignedAddrs().size()
        : 0;
  }

  private static int most(List<WorkerInfo> workers, ToIntFunction<WorkerInfo> amount) {
    return workers.stream().mapToInt(amount).max().orElse(0);
  }

  private static String text(int cores, int megabytes, int gpus) {
    return "%s, %,d MB, %s".formatted(Counts.of(cores, "core"), megabytes, Counts.of(gpus, "GPU"));
  }
}
