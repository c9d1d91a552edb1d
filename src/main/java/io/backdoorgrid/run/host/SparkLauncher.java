package io.backdoorgrid.run.host;

import io.backdoorgrid.grid.Counts;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.run.RunException;
import io.backdoorgrid.run.RunOptions;
import java.io.IOException;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Consumer;
import org.apache.hadoop.fs.Path;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkUserAppException;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.deploy.SparkHadoopUtil;

/** Starts Spark: embedded in this process, or as the driver of a cluster's application. */
public final class SparkLauncher {

  private static final String MASTER = "spark.master";
  private static final String DEPLOY_MODE = "spark.submit.deployMode";

  /** What spark-submit sets where nothing else is said: this machine, like an embedded run. */
  private static final String ALL_CORES = "local[*]";

  /** As on a cluster; an embedded Spark would not retry at all. */
  private static final int MAX_FAILURES_OF_A_TASK = 4;

  static final String TASK_CPUS = "spark.task.cpus";

  private SparkLauncher() {}

  /**
   * Settings for a plan.
   *
   * <p>On one machine the threads per task depend on the plan alone, not on what is still pending:
   * they change the last digits of a result, and an interrupted run must resume as it began. Tasks
   * of one thread share the cores best, so that is the choice as soon as there are as many victims
   * as cores. A GPU has one task, unless fewer threads per task are asked for.
   */
  public static SparkConf configuration(Plan plan, RunOptions options) {
    var conf = new SparkConf().setAppName("BackdoorGrid " + plan.name());
    options.master().ifPresent(conf::setMaster);
    options.conf().forEach(conf::set);
    // Short tasks would pile up on the executor that holds cached data.
    conf.setIfMissing("spark.locality.wait", "0");
    if (options.gpus() > 0) {
      conf.set(Devices.LOCAL_GPUS, Integer.toString(options.gpus()));
    }
    if (conf.contains(MASTER) && !conf.get(MASTER).equals(ALL_CORES)) {
      options.threads().ifPresent(n -> conf.set(TASK_CPUS, Integer.toString(n)));
      return conf;
    }
    int cores = Runtime.getRuntime().availableProcessors();
    int atOnce = options.gpus() > 0 ? options.gpus() : plan.victims().size();
    int threads = localThreads(cores, atOnce, options.threads());
    return conf.setMaster(
            "local[" + Math.max(1, cores / threads) + "," + MAX_FAILURES_OF_A_TASK + "]")
        .setIfMissing("spark.ui.enabled", "false")
        .setIfMissing("spark.driver.host", "localhost")
        .setIfMissing("spark.driver.bindAddress", "127.0.0.1")
        .set("spark.backdoorgrid.threads", Integer.toString(threads));
  }

  /** What a plan would run on, on this machine's cores. */
  public static Slots localSlots(Plan plan) {
    int cores = Runtime.getRuntime().availableProcessors();
    int threads = localThreads(cores, plan.victims().size(), OptionalInt.empty());
    int tasks = Math.max(1, cores / threads);
    return new Slots(tasks, threads, Counts.of(tasks * threads, "core"));
  }

  /**
   * @param tasks that are to run side by side, if there are as many cores
   */
  static int localThreads(int cores, int tasks, OptionalInt asked) {
    int fair = Math.max(1, cores / Math.max(1, tasks));
    return Math.min(cores, asked.orElse(fair));
  }

  /** The cores that a task's operators may use. */
  public static int threads(SparkConf conf) {
    return conf.getInt("spark.backdoorgrid.threads", conf.getInt(TASK_CPUS, 1));
  }

  /** How long a training goes on, at least, without a checkpoint. */
  public static int checkpointSeconds(SparkConf conf) {
    return conf.getInt("spark.backdoorgrid.checkpoint-seconds", 60);
  }

  /**
   * The cluster that tasks will run on; empty if it is this process.
   *
   * @param asked for on the command line; spark-submit may have chosen one without
   */
  public static Optional<String> cluster(Optional<String> asked) {
    var conf = new SparkConf();
    asked.ifPresent(conf::setMaster);
    return conf.contains(MASTER) && !isLocal(conf)
        ? Optional.of(conf.get(MASTER))
        : Optional.empty();
  }

  /** Whether tasks run in this process. */
  public static boolean isLocal(SparkConf conf) {
    return conf.get(MASTER).startsWith("local[") || conf.get(MASTER).equals("local");
  }

  /**
   * What tasks run on.
   *
   * @param threads of each task
   */
  public static Slots slots(JavaSparkContext spark, int threads) {
    SparkConf conf = spark.getConf();
    if (!isLocal(conf)) {
      // Cores of those executors that are there by now.
      int cores = spark.defaultParallelism();
      return new Slots(Math.max(1, cores / threads), threads, spark.master());
    }
    int tasks = spark.defaultParallelism();
    int gpus = conf.getInt(Devices.LOCAL_GPUS, 0);
    String where = gpus > 0 ? Counts.of(gpus, "GPU") : Counts.of(tasks * threads, "core");
    return new Slots(tasks, threads, where);
  }

  /**
   * @throws RunException if Spark does not start, or its cluster does not answer or says no
   */
  public static JavaSparkContext start(SparkConf conf) {
    ClusterManager.of(conf).ifPresent(ClusterManager::requireReachable);
    try {
      makeEventLogFolder(conf);
      return new JavaSparkContext(conf);
    } catch (Exception e) {
      throw RunException.notStarted(e);
    }
  }

  /**
   * Waits for the first executor, where it may never come.
   *
   * @param told what it waits for, if it takes long
   * @throws RunException if the cluster cannot give what was asked for
   */
  public static void awaitExecutor(JavaSparkContext spark, Consumer<String> told) {
    ClusterManager.of(spark.getConf()).ifPresent(manager -> manager.awaitExecutor(spark, told));
  }

  /**
   * Ends this process. As YARN's application master it must return instead: an exit, whatever its
   * code, would be taken for a crash, and the run be started again.
   *
   * @throws Exception that carries the code, in an application master that failed
   */
  public static void exit(int code) throws Exception {
    boolean isApplicationMaster =
        "yarn".equals(System.getProperty(MASTER))
            && "cluster".equals(System.getProperty(DEPLOY_MODE));
    if (!isApplicationMaster) {
      System.exit(code);
    }
    if (code != 0) {
      throw new SparkUserAppException(code, null);
    }
  }

  /** Spark itself would not start without it. */
  private static void makeEventLogFolder(SparkConf conf) throws IOException {
    if (conf.getBoolean("spark.eventLog.enabled", false)) {
      var folder = new Path(conf.get("spark.eventLog.dir", "file:///tmp/spark-events"));
      folder.getFileSystem(SparkHadoopUtil.get().newConfiguration(conf)).mkdirs(folder);
    }
  }
}
