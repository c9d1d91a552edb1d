package io.backdoorgrid.run.host;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Properties;

/** Which BackdoorGrid this is, as the build recorded it. */
public final class Version {

  private static final Properties BUILD = load();

  private Version() {}

  private static Properties load() {
    var properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("/backdoor-grid.properties")) {
      if (in != null) {
        properties.load(in);
      }
      return properties;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Such as {@code 0.1.0}; {@code unknown} outside a Maven build. */
  public static String number() {
    return BUILD.getProperty("git.build.version", "unknown");
  }

  /**
   * The abbreviated commit, with {@code -dirty} if the tree had changes; {@code unknown} without
   * git.
   */
  public static String commit() {
    return BUILD.getProperty("git.commit.id.describe", "unknown");
  }
}
