package io.backdoorgrid.run.task;

import ai.djl.engine.EngineException;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.run.host.MissingDeviceException;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.train.DivergedException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Locale;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Separates failures that would repeat, which are recorded, from passing ones, which Spark retries.
 */
public final class FailureKinds {

  private static final Pattern REASON = Pattern.compile("^\\w*Error: ");

  private FailureKinds() {}

  /** Whether another attempt, perhaps on another machine, may succeed. */
  static boolean mayPass(Throwable error) {
    return error instanceof StoreException
        || error instanceof MissingDeviceException
        || error instanceof LinkageError
        || error instanceof VirtualMachineError && !(error instanceof OutOfMemoryError);
  }

  static Failure.Kind of(Throwable error) {
    if (error instanceof DivergedException) {
      return Failure.Kind.DIVERGED;
    }
    if (error instanceof BadDataException) {
      return Failure.Kind.BAD_DATA;
    }
    if (error instanceof OutOfMemoryError || isNativeOutOfMemory(error)) {
      return Failure.Kind.OUT_OF_MEMORY;
    }
    if (isOfEnvironment(error)) {
      return Failure.Kind.ENVIRONMENT;
    }
    return error instanceof IllegalArgumentException ? Failure.Kind.INVALID : Failure.Kind.OTHER;
  }

  /** libtorch reports it like any other error, by its text. */
  private static boolean isNativeOutOfMemory(Throwable error) {
    String message = String.valueOf(error.getMessage()).toLowerCase(Locale.ROOT);
    return error instanceof EngineException
        && Stream.of("out of memory", "not enough memory", "allocate memory")
            .anyMatch(message::contains);
  }

  /** Input and output, and what CUDA says of a GPU that has stopped to compute. */
  private static boolean isOfEnvironment(Throwable error) {
    if (error instanceof EngineException
        && String.valueOf(error.getMessage()).contains("CUDA error")) {
      return true;
    }
    for (Throwable cause = error; cause != null; cause = cause.getCause()) {
      if (cause instanceof IOException || cause instanceof UncheckedIOException) {
        return true;
      }
    }
    return false;
  }

  /** One line for a person; errors without a message are named by their class. */
  public static String message(Throwable error) {
    String message = error.getMessage();
    String text = message == null || message.isBlank() ? error.toString() : message;
    // libtorch tells the place in the script first and the reason last.
    return text.lines()
        .filter(line -> error instanceof EngineException && REASON.matcher(line).find())
        .reduce((first, last) -> last)
        .or(() -> text.lines().filter(line -> !line.isBlank()).findFirst())
        .orElse(text)
        .strip();
  }
}
