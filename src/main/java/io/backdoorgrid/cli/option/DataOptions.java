package io.backdoorgrid.cli.option;

import picocli.CommandLine.Option;

/** Where the data sets are. */
public final class DataOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the folder of the data sets; default: ${DEFAULT-VALUE}",
      defaultValue = "${env:BACKDOORGRID_DATA:-data}")
  private String directory;

  public String directory() {
    return directory;
  }
}
