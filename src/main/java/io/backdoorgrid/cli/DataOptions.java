package io.backdoorgrid.cli;

import picocli.CommandLine.Option;

/** Where the data sets are. */
final class DataOptions {

  @Option(
      names = "--data-dir",
      paramLabel = "DIR",
      description = "the folder of the data sets; default: ${DEFAULT-VALUE}",
      defaultValue = "${env:BACKDOORGRID_DATA:-data}")
  private String directory;

  String directory() {
    return directory;
  }
}
