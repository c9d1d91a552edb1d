package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.jar.JarOutputStream;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;

/**
 * A Spark from the jars of the class path, and what it runs in processes of their own. It has no
 * jar of this application; what is submitted brings its own.
 */
final class SparkInstallation implements AutoCloseable {

  /**
   * A cluster.
   *
   * @param kind as {@code jobs/conf} names it
   * @param environment that tells Spark where it is
   */
  record Master(String url, String kind, Map<String, String> environment) {}

  private static final long PATIENCE_SECONDS = 90;
  private static final long POLL_MILLIS = 20;

  /** What the application brings, by the beginnings of the jars' names. */
  private static final Pattern OWN_JARS =
      Pattern.compile(
          "(api-0|pytorch-|gson-|jna-|jackson-dataformat-yaml|snakeyaml|picocli|progressbar|jline|commons-csv).*");

  private static final Pattern TEST_JARS =
      Pattern.compile("(junit-|assertj-|archunit|opentest4j|byte-buddy|apiguardian).*");

  private static final List<String> SMALL_JVM =
      List.of("-Xmx512m", "-XX:+UseSerialGC", "-XX:TieredStopAtLevel=1");

  private final Path folder;
  private final List<Process> processes = new ArrayList<>();
  private final List<Path> jars;

  /**
   * @param folder for logs, jars and whatever Spark writes
   */
  SparkInstallation(Path folder) throws IOException {
    this.folder = folder;
    this.jars =
        Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
            .map(Path::of)
            .toList();
    installSpark();
    jar("classes.jar", classes("io/backdoorgrid/cli/Main.class"));
    jar("tests.jar", classes("io/backdoorgrid/run/SparkInstallation.class"));
  }

  private void installSpark() throws IOException {
    Path target = Files.createDirectories(folder.resolve("spark/jars"));
    for (Path jar : jars) {
      String name = jar.getFileName().toString();
      if (name.endsWith(".jar")
          && !OWN_JARS.matcher(name).matches()
          && !TEST_JARS.matcher(name).matches()) {
        Files.createSymbolicLink(target.resolve(name), jar.toAbsolutePath());
      }
    }
  }

  /** The folder of the class path that holds a class. */
  private Path classes(String file) {
    return jars.stream()
        .filter(entry -> Files.exists(entry.resolve(file)))
        .findFirst()
        .orElseThrow();
  }

  private void jar(String name, Path classes) throws IOException {
    try (OutputStream out = Files.newOutputStream(folder.resolve(name));
        var jar = new JarOutputStream(out);
        Stream<Path> files = Files.walk(classes)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        jar.putNextEntry(new ZipEntry(classes.relativize(file).toString()));
        Files.copy(file, jar);
        jar.closeEntry();
      }
    }
  }

  /**
   * Runs a main class of the application as {@code spark-submit} does.
   *
   * @param master that runs it, with the configuration that {@code jobs/conf} has for its kind
   */
  Process submit(
      String name, String main, Master master, Map<String, String> settings, String... arguments)
      throws IOException {
    var all = new ArrayList<String>();
    all.addAll(List.of("--class", main, "--master", master.url()));
    all.addAll(List.of("--properties-file", "jobs/conf/" + master.kind() + ".conf"));
    all.addAll(
        List.of(
            "--jars",
            Stream.concat(
                    Stream.of(folder.resolve("tests.jar")),
                    jars.stream()
                        .filter(j -> OWN_JARS.matcher(j.getFileName().toString()).matches()))
                .map(jar -> "local:" + jar.toAbsolutePath())
                .collect(Collectors.joining(","))));
    var conf =
        new TreeMap<>(
            Map.of(
                "spark.ui.port", "0",
                "spark.executor.cores", "1",
                "spark.executor.memory", "700m",
                "spark.eventLog.dir", events().toUri().toString(),
                "spark.eventLog.compress", "false",
                "spark.backdoorgrid.pretend-gpus", "true",
                "spark.scheduler.minRegisteredResourcesRatio", "1.0"));
    conf.putAll(settings);
    conf.forEach((key, value) -> all.addAll(List.of("--conf", key + "=" + value)));
    all.add(folder.resolve("classes.jar").toString());
    all.addAll(List.of(arguments));
    return start(
        name,
        master.environment(),
        List.of("-Dai.djl.offline=true", "-Djava.awt.headless=true"),
        "org.apache.spark.deploy.SparkSubmit",
        all.toArray(String[]::new));
  }

  Process start(
      String name,
      Map<String, String> environment,
      List<String> options,
      String main,
      String... arguments)
      throws IOException {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("@jobs/jvm.options");
    command.addAll(SMALL_JVM);
    command.addAll(options);
    String hadoop = environment.getOrDefault("HADOOP_CONF_DIR", "");
    command.addAll(
        List.of("-cp", hadoop + File.pathSeparator + folder.resolve("spark/jars") + "/*", main));
    command.addAll(List.of(arguments));
    var builder =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(folder.resolve(name + ".log").toFile());
    builder
        .environment()
        .putAll(
            Map.of(
                "SPARK_HOME", folder.resolve("spark").toString(),
                "SPARK_SCALA_VERSION", "2.13",
                "SPARK_LOCAL_IP", "127.0.0.1",
                "SPARK_LOCAL_DIRS", folder.resolve("local").toString(),
                "JAVA_HOME", System.getProperty("java.home"),
                "SPARK_MASTER_WEBUI_PORT", "0",
                "SPARK_WORKER_WEBUI_PORT", "0"));
    builder.environment().putAll(environment);
    Process process = builder.start();
    processes.add(process);
    return process;
  }

  /** Waits for a submission to end, and says why it did not as it should. */
  void awaitExit(String name, Process process, int exitCode) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)).as(log(name)).isTrue();
    assertThat(process.exitValue()).as(log(name)).isEqualTo(exitCode);
  }

  /** Waits for an event of another process; there is nothing to be told by. */
  static void await(String what, BooleanSupplier event) throws InterruptedException {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    while (!event.getAsBoolean()) {
      assertThat(System.nanoTime()).as("the deadline for %s", what).isLessThan(deadline);
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
    }
  }

  /** What a process has printed so far. */
  String log(String name) {
    return text(folder.resolve(name + ".log"));
  }

  static String text(Path file) {
    try {
      return Files.exists(file) ? Files.readString(file) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Where all that it runs logs its events. */
  Path events() {
    return folder.resolve("events");
  }

  /** Its jars, for a class path. */
  Path sparkJars() {
    return folder.resolve("spark/jars");
  }

  @Override
  public void close() {
    for (Process process : processes) {
      process.descendants().forEach(ProcessHandle::destroyForcibly);
      process.destroyForcibly();
    }
    // The folder is deleted with all that is in it: let no link lead out of it.
    try (Stream<Path> links = Files.list(folder.resolve("spark/jars"))) {
      for (Path link : (Iterable<Path>) links::iterator) {
        Files.delete(link);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
