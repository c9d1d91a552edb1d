package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** {@code jobs/backdoor-grid} with a Java that only tells how it was called. */
class LauncherTest {

  private static final String NEED =
      "; a JDK from 17 to 25 is needed, such as openjdk-17-jdk of Debian and Ubuntu or one of"
          + " https://adoptium.net\n";

  @TempDir Path folder;

  private Path home;
  private Path java;

  @BeforeEach
  void install() throws IOException {
    home = folder.resolve("κουτί 箱/grid");
    Files.createDirectories(home.resolve("jobs"));
    for (String file : List.of("jobs/backdoor-grid", "jobs/jvm.options", "pom.xml")) {
      Files.copy(Path.of(file), home.resolve(file));
    }
    Files.createDirectories(home.resolve("src/main"));
    for (String built : List.of("target/spark", "target/native")) {
      Files.createDirectories(home.resolve(built));
    }
    Files.createFile(home.resolve("target/backdoor-grid.jar"));
    java = folder.resolve("jdk");
    java(java, "17.0.15");
  }

  private static void java(Path folder, String version) throws IOException {
    script(
        folder.resolve("bin/java"),
        """
        if [ "$*" = -version ]; then
          echo 'Picked up JAVA_TOOL_OPTIONS: -Xmx1g' >&2
          echo 'openjdk version "%s" 2025-01-01' >&2
        else
          echo "LC_ALL=$LC_ALL"
          printf '%%s\\n' "$@"
        fi
        """
            .formatted(version));
  }

  private static void script(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, "#!/bin/sh\n" + text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rwxr-xr-x"));
  }

  private record Ended(int exitCode, String out, String err) {}

  private Ended launch(Path script, Map<String, String> variables, String... arguments)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(script.toString());
    builder.command().addAll(List.of(arguments));
    builder.environment().remove("SPARK_HOME");
    builder.environment().put("JAVA_HOME", java.toString());
    builder.environment().putAll(variables);
    builder.directory(folder.toFile());
    Path out = folder.resolve("out");
    Path err = folder.resolve("err");
    Process process = builder.redirectOutput(out.toFile()).redirectError(err.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
  }

  private Path launcher() {
    return home.resolve("jobs/backdoor-grid");
  }

  @Test
  void startsTheProgramWithWhatItWasGiven() throws Exception {
    Ended ended = launch(launcher(), Map.of(), "plan", "a grid.yaml");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .contains("-Dbackdoorgrid.home=" + home + "\n")
        .contains("@" + home + "/jobs/jvm.options\n")
        .endsWith("io.backdoorgrid.cli.Main\nplan\na grid.yaml\n");
  }

  @Test
  void worksThroughSymbolicLinks() throws Exception {
    Path bin = Files.createDirectories(folder.resolve("bin"));
    Path link = Files.createSymbolicLink(bin.resolve("bg"), launcher());
    Path relative = Files.createSymbolicLink(folder.resolve("second"), Path.of("bin/bg"));
    for (Path called : List.of(link, relative)) {
      assertThat(launch(called, Map.of(), "list").out())
          .contains("-Dbackdoorgrid.home=" + home + "\n");
    }
  }

  @Test
  void isNotLedAstrayByCdpath() throws Exception {
    Path relative = folder.relativize(launcher());
    Files.createDirectories(folder.resolve("elsewhere").resolve(relative.getParent()));
    Ended ended = launch(relative, Map.of("CDPATH", folder.resolve("elsewhere").toString()));
    assertThat(ended.out()).contains("-Dbackdoorgrid.home=" + home + "\n");
  }

  @ParameterizedTest
  @ValueSource(strings = {"C", "POSIX", "no_SUCH.locale"})
  void namesOfFilesSurviveLocalesWithoutLetters(String locale) throws Exception {
    Ended ended = launch(launcher(), Map.of("LC_ALL", locale), "plan", "решётка.yaml");
    assertThat(ended.out()).startsWith("LC_ALL=C.UTF-8\n").endsWith("\nplan\nрешётка.yaml\n");
  }

  @ParameterizedTest
  @CsvSource({"1.8.0_402, 8", "11.0.22, 11", "16, 16", "26.0.1, 26", "27-ea, 27"})
  void refusesOtherVersionsOfJava(String version, String shown) throws Exception {
    java(java, version);
    Ended ended = launch(launcher(), Map.of(), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo("backdoor-grid: JAVA_HOME (" + java + ") is Java " + shown + NEED);
    assertThat(ended.out()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(strings = {"17", "21.0.2", "25.0.1"})
  void takesVersionsOfJavaThatSparkAndHadoopTake(String version) throws Exception {
    java(java, version);
    assertThat(launch(launcher(), Map.of(), "list").exitCode()).isZero();
  }

  @Test
  void refusesAHomeWithoutJava() throws Exception {
    Ended ended = launch(launcher(), Map.of("JAVA_HOME", "/no/such"), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo("backdoor-grid: JAVA_HOME is /no/such, where there is no bin/java" + NEED);
  }

  @Test
  void buildsWithACompilerOnly() throws Exception {
    Files.delete(home.resolve("target/backdoor-grid.jar"));
    Ended ended = launch(launcher(), Map.of(), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo("backdoor-grid: JAVA_HOME (" + java + ") has no javac to build it with" + NEED);
  }

  @Test
  void refusesAFolderWithoutSpark() throws Exception {
    Ended ended = launch(launcher(), Map.of("SPARK_HOME", "/no/such"), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            "backdoor-grid: SPARK_HOME is /no/such, where there is no bin/spark-submit; unset it"
                + " to use the embedded Spark\n");
  }

  @ParameterizedTest
  @CsvSource({
    "spark-core_2.12-3.5.1.jar, 'spark-core_2.12-3.5.1.jar, '",
    "spark-core_2.13-4.1.3.jar, 'spark-core_2.13-4.1.3.jar, '",
    "other.jar,                 ''"
  })
  void refusesOtherVersionsOfSpark(String jar, String shown) throws Exception {
    Path spark = spark(jar);
    Ended ended = launch(launcher(), Map.of("SPARK_HOME", spark.toString()), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            ("backdoor-grid: SPARK_HOME (%s) holds %snot Spark 4.2 for Scala 2.13; get it from"
                    + " https://spark.apache.org/downloads.html, or unset SPARK_HOME to use the"
                    + " embedded Spark\n")
                .formatted(spark, shown));
  }

  @Test
  void submitsToASparkThatIsInstalled() throws Exception {
    Path spark = spark("spark-core_2.13-4.2.0.jar");
    Ended ended =
        launch(
            launcher(),
            Map.of("SPARK_HOME", spark.toString()),
            "run",
            "--master",
            "local[2]",
            "grid.yaml");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("--class\nio.backdoorgrid.cli.Main\n", "--master\nlocal[2]\n")
        .endsWith("\n" + home + "/target/backdoor-grid.jar\nrun\ngrid.yaml\n");
  }

  /** Its driver runs elsewhere: relative paths would lead nowhere there. */
  @Test
  void makesPathsAbsoluteForADriverOnAnotherMachine() throws Exception {
    Path spark = spark("spark-core_2.13-4.2.0.jar");
    Files.createFile(folder.resolve("grid.yaml"));
    Ended ended =
        launch(
            launcher(),
            Map.of("SPARK_HOME", spark.toString()),
            "run",
            "--deploy-mode=cluster",
            "--master",
            "yarn",
            "grid.yaml",
            "--out",
            "results",
            "--data-dir=data",
            "--set",
            "seed=1");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("--deploy-mode\ncluster\n")
        .endsWith(
            "\nrun\n%1$s/grid.yaml\n--out\n%1$s/results\n--data-dir=%1$s/data\n--set\nseed=1\n"
                .formatted(folder));
    Ended uri =
        launch(
            launcher(),
            Map.of("SPARK_HOME", spark.toString()),
            "run",
            "--deploy-mode=cluster",
            "grid.yaml",
            "--out=s3a://bucket/results");
    assertThat(uri.out()).endsWith("/grid.yaml\n--out=s3a://bucket/results\n");
    Ended without =
        launch(
            launcher(),
            Map.of("SPARK_HOME", spark.toString()),
            "run",
            "--deploy-mode=cluster",
            "grid.yaml");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err())
        .isEqualTo(
            "backdoor-grid: --deploy-mode cluster needs --out, a URI or a folder that all machines"
                + " share\n");
  }

  private Path spark(String jar) throws IOException {
    Path spark = folder.resolve("spark");
    script(spark.resolve("bin/spark-submit"), "printf '%s\\n' \"$@\"\n");
    Files.createDirectories(spark.resolve("jars"));
    Files.createFile(spark.resolve("jars").resolve(jar));
    return spark;
  }

  @Test
  void saysWhereItRunsIfNotHere() throws Exception {
    Path bin = folder.resolve("mac");
    script(bin.resolve("uname"), "[ \"$1\" = -s ] && echo Darwin || echo arm64\n");
    Ended ended = launch(launcher(), Map.of("PATH", bin + ":" + System.getenv("PATH")), "list");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err())
        .isEqualTo(
            "backdoor-grid: runs on Linux x86-64, this is Darwin-arm64; on macOS and Windows take"
                + " a Linux virtual machine or WSL 2\n");
  }

  @Test
  void submitsToYarnWithItsOwnSpark() throws Exception {
    Ended ended =
        launch(
            launcher(),
            Map.of("HADOOP_CONF_DIR", "/etc/hadoop"),
            "run",
            "--master",
            "yarn",
            "grid.yaml");
    assertThat(ended.err()).isEmpty();
    assertThat(ended.out())
        .contains("\n-cp\n/etc/hadoop:" + home + "/target/spark/*\n")
        .contains("spark.yarn.jars=" + home + "/target/spark/*.jar\n")
        .contains("--properties-file\n" + home + "/jobs/conf/yarn.conf\n");
    Ended without = launch(launcher(), Map.of(), "run", "--master", "yarn", "grid.yaml");
    assertThat(without.exitCode()).isEqualTo(2);
    assertThat(without.err())
        .isEqualTo(
            "backdoor-grid: --master yarn needs HADOOP_CONF_DIR, the folder of yarn-site.xml\n");
  }
}
