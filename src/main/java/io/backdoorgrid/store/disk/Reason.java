package io.backdoorgrid.store.disk;

import io.backdoorgrid.store.StoreException;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;
import org.apache.hadoop.fs.Path;
import org.apache.hadoop.fs.PathIOException;
import org.apache.hadoop.security.AccessControlException;

/** The meaning of an I/O error: one short reason, and whether waiting may help. */
public record Reason(String text, boolean retryable) {
  /** What operating systems and HDFS say when only a person can help. */
  private static final List<String> LASTING =
      List.of(
          "No space left on device",
          "Disk quota exceeded",
          "Read-only file system",
          "Permission denied",
          "Not a directory",
          "File name too long");

  /** The user and password of a URI. */
  private static final Pattern PASSWORD = Pattern.compile("(://)[^/@\\s]*:[^/@\\s]*@");

  public Reason {
    text = redacted(text);
  }

  public static Reason of(Throwable error) {
    for (Throwable t = error; t != null; t = t.getCause()) {
      String message = String.valueOf(t.getMessage()).toLowerCase(Locale.ROOT);
      for (String reason : LASTING) {
        if (message.contains(reason.toLowerCase(Locale.ROOT))) {
          return new Reason(reason, false);
        }
      }
      if (t instanceof AccessDeniedException || t instanceof AccessControlException) {
        return new Reason("Permission denied", false);
      }
      if (t instanceof UnknownHostException) {
        return new Reason("unknown host " + t.getMessage(), false);
      }
      if (t instanceof ConnectException) {
        return new Reason(firstLine(t), true);
      }
    }
    return new Reason(firstLine(error), true);
  }

  /**
   * "cannot {what} {path}: {reason}", for example "cannot write results to /data/out: No space left
   * on device".
   */
  public static StoreException exception(String what, Path path, Throwable error) {
    Reason reason = of(error);
    return new StoreException(
        "cannot %s %s: %s".formatted(what, show(path), reason.text), reason.retryable, error);
  }

  /** A path as its owner would type it: local ones without their scheme. */
  public static String show(Path path) {
    var uri = path.toUri();
    return "file".equals(uri.getScheme()) ? uri.getPath() : redacted(path.toString());
  }

  /** Without the password of a URI. */
  public static String redacted(String text) {
    return PASSWORD.matcher(text).replaceAll("$1…@");
  }

  private static String firstLine(Throwable error) {
    String message = error.getMessage();
    // These classes carry nothing but a path as their message.
    boolean onlyPath =
        error.getClass() == FileNotFoundException.class
            || error instanceof FileSystemException
            || error instanceof PathIOException;
    if (message == null || message.isBlank()) {
      return error.getClass().getSimpleName();
    }
    String line = message.lines().findFirst().orElse(message);
    return error.getClass() == IOException.class && !onlyPath
        ? line
        : error.getClass().getSimpleName() + ": " + line;
  }
}
