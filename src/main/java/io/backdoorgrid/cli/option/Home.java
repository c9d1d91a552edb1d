package io.backdoorgrid.cli.option;

import java.nio.file.Path;

/** Where BackdoorGrid's own files are: profiles and published tables. */
final class Home {

  private static final String PROPERTY = "backdoorgrid.home";

  private Home() {}

  /** The folder that the launcher names; without it, the working directory. */
  static Path directory() {
    return Path.of(System.getProperty(PROPERTY, "."));
  }
}
