package io.backdoorgrid.cli.option;

import java.nio.file.Path;
import java.util.Optional;

/** The user's folder for what can be measured again. */
public final class Cache {

  private static final String PROPERTY = "backdoorgrid.cache";

  private Cache() {}

  /** As the XDG Base Directory Specification has it, unless a property names another. */
  public static Path directory() {
    return Optional.ofNullable(System.getProperty(PROPERTY))
        .map(Path::of)
        .orElseGet(
            () ->
                Optional.ofNullable(System.getenv("XDG_CACHE_HOME"))
                    .filter(folder -> !folder.isEmpty())
                    .map(Path::of)
                    .orElse(Path.of(System.getProperty("user.home"), ".cache"))
                    .resolve("backdoor-grid"));
  }
}
