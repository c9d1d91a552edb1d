package io.backdoorgrid.store;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * An S3 server on the loopback interface, in a process of its own, with one empty bucket.
 *
 * <p>It creates an object "if there is none" by looking first and writing then, where Amazon's does
 * so in one step. It has one thread here, so that nothing comes in between.
 */
public final class S3Server implements SharedDisk {

  private static final long PATIENCE_SECONDS = 90;
  private static final long POLL_MILLIS = 50;
  private static final Pattern READY = Pattern.compile("Started S3MockApplication");
  private static final Pattern PORT = Pattern.compile("started on ports (\\d+) \\(http\\)");

  /** Another name for each: Hadoop keeps its clients by the names of buckets. */
  private final String bucket = "grids-" + UUID.randomUUID();

  private final Process process;
  private final int port;

  /**
   * @param folder for its log and the objects
   */
  public S3Server(Path folder) throws IOException, InterruptedException {
    Path log = folder.resolve("s3.log");
    process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-XX:TieredStopAtLevel=1",
                "-jar",
                jar(),
                "--server.port=0",
                "--server.ssl.enabled=false",
                "--server.tomcat.threads.max=1",
                "--server.tomcat.threads.min-spare=1",
                "--com.adobe.testing.s3mock.http-port=0",
                "--com.adobe.testing.s3mock.store.initial-buckets=" + bucket,
                "--com.adobe.testing.s3mock.store.root=" + folder.resolve("s3"))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
    String said = "";
    while (!READY.matcher(said).find()) {
      assertThat(process.isAlive() && System.nanoTime() < deadline).as(said).isTrue();
      TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
      said = Files.readString(log);
    }
    Matcher found = PORT.matcher(said);
    assertThat(found.find()).as(said).isTrue();
    port = Integer.parseInt(found.group(1));
  }

  private static String jar() {
    return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
        .filter(entry -> entry.matches(".*/s3mock-[^/]*-exec\\.jar"))
        .findFirst()
        .orElseThrow();
  }

  @Override
  public String uri() {
    return "s3a://" + bucket;
  }

  @Override
  public Map<String, String> settings() {
    var settings = new TreeMap<String, String>();
    settings.put("fs.s3a.endpoint", "http://127.0.0.1:" + port);
    settings.put("fs.s3a.endpoint.region", "us-east-1");
    settings.put("fs.s3a.path.style.access", "true");
    settings.put(
        "fs.s3a.aws.credentials.provider",
        "org.apache.hadoop.fs.s3a.AnonymousAWSCredentialsProvider");
    settings.put("fs.s3a.connection.ssl.enabled", "false");
    return settings;
  }

  @Override
  public void close() {
    process.destroyForcibly();
  }
}
