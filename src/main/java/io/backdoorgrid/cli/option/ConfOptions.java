package io.backdoorgrid.cli.option;

import io.backdoorgrid.cli.UsageException;
import io.backdoorgrid.run.Runs;
import java.util.Map;
import java.util.regex.Pattern;
import org.apache.hadoop.conf.Configuration;
import picocli.CommandLine.Option;

/** Settings of Spark, and of the file system that has the results. */
public final class ConfOptions {

  /** What Spark redacts by default, but for names of files. */
  private static final Pattern SECRET =
      Pattern.compile("(?i)(secret|password|token|access[.]?key)(?!.*file$)");

  @Option(
      names = "--conf",
      paramLabel = "KEY=VALUE",
      description =
          "a setting of Spark; spark.hadoop.KEY sets KEY of the file system that has the results")
  private Map<String, String> conf = Map.of();

  /**
   * @throws UsageException if one is a secret
   */
  public Map<String, String> settings() {
    conf.keySet().stream()
        .filter(key -> SECRET.matcher(key).find())
        .findFirst()
        .ifPresent(
            key -> {
              throw new UsageException(
                  "--conf %s: others can read a command line; keep secrets in Spark's or Hadoop's configuration, or in the environment"
                      .formatted(key));
            });
    return conf;
  }

  /** As a run with these settings has it: with those of spark-submit, if it started the program. */
  public Configuration hadoop() {
    return Runs.hadoop(settings());
  }
}
