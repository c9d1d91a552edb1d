package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.run.SparkInstallation.Master;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Spark's standalone cluster on the loopback interface: a master, workers and drivers in processes
 * of their own.
 */
final class LoopbackCluster implements AutoCloseable {

  private static final Pattern MASTER = Pattern.compile("Starting Spark master at (spark://\\S+)");

  private final Path folder;
  private final SparkInstallation spark;
  private final List<Process> workers = new ArrayList<>();
  private final Master master;

  /**
   * @param folder for logs, jars and whatever Spark writes
   */
  LoopbackCluster(Path folder) throws Exception {
    this.folder = folder;
    spark = new SparkInstallation(folder);
    try {
      spark.start(
          "master", Map.of(), List.of(), "org.apache.spark.deploy.master.Master", "--port", "0");
      SparkInstallation.await("the master", () -> MASTER.matcher(log("master")).find());
      var found = MASTER.matcher(log("master"));
      assertThat(found.find()).isTrue();
      master = new Master(found.group(1), "standalone", Map.of());
    } catch (Exception | Error e) {
      close();
      throw e;
    }
  }

  /** A worker that has one pretend GPU; returns when the master knows it. */
  void addWorker(int cores, String gpu) throws Exception {
    addWorker(cores, gpu, Map.of());
  }

  /**
   * @param environment of its process and its executors'
   */
  void addWorker(int cores, String gpu, Map<String, String> environment) throws Exception {
    Path script = folder.resolve("gpu-" + gpu);
    Files.writeString(
        script, "#!/bin/sh\necho '{\"name\": \"gpu\", \"addresses\": [\"%s\"]}'\n".formatted(gpu));
    Files.setPosixFilePermissions(script, PosixFilePermissions.fromString("rwx------"));
    String name = "worker" + workers.size();
    workers.add(
        spark.start(
            name,
            environment,
            List.of(
                "-Dspark.worker.resource.gpu.amount=1",
                "-Dspark.worker.resource.gpu.discoveryScript=" + script),
            "org.apache.spark.deploy.worker.Worker",
            "--port",
            "0",
            "--cores",
            Integer.toString(cores),
            "--memory",
            "2g",
            "--work-dir",
            folder.resolve(name).toString(),
            master.url()));
    SparkInstallation.await(name, () -> log(name).contains("Successfully registered with master"));
  }

  /** See {@link SparkInstallation#submit}. */
  Process submit(String name, String main, Map<String, String> settings, String... arguments)
      throws IOException {
    return spark.submit(name, main, master, settings, arguments);
  }

  void awaitExit(String name, Process process, int exitCode) throws InterruptedException {
    spark.awaitExit(name, process, exitCode);
  }

  String log(String name) {
    return spark.log(name);
  }

  /** The logs of all executors that a worker has had. */
  List<String> executorLogs(int worker) {
    Path work = folder.resolve("worker" + worker);
    if (!Files.isDirectory(work)) {
      return List.of();
    }
    try (Stream<Path> files = Files.walk(work, 3)) {
      return files.filter(f -> f.endsWith("stderr")).sorted().map(SparkInstallation::text).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** The executors of a worker that run now. */
  List<ProcessHandle> executors(int worker) {
    return workers.get(worker).descendants().filter(ProcessHandle::isAlive).toList();
  }

  Path events() {
    return spark.events();
  }

  @Override
  public void close() {
    spark.close();
  }
}
