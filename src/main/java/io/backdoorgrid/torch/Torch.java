package io.backdoorgrid.torch;

import ai.djl.Device;
import ai.djl.engine.Engine;
import ai.djl.engine.EngineException;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import ai.djl.pytorch.jni.JniUtils;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import java.util.stream.IntStream;

/** The native engine: threads, gradient recording, devices and versions. */
public final class Torch {

  private static final String ENGINE = "PyTorch";

  private Torch() {}

  /**
   * Prepares the calling thread for a task.
   *
   * <p>libtorch keeps the number of threads and the recording of gradients per calling thread, and
   * starts with one thread and recording on; a task that forgets either is slow or leaks memory.
   *
   * @param threads how many cores the operators of this thread may use, at least 1
   */
  public static void prepareThread(int threads) {
    Engine.getEngine(ENGINE); // loads the native library
    JniUtils.setNumThreads(threads);
    JniUtils.setGradMode(false);
    // Operators are single calls, which leave the graph optimizer nothing to fuse; and its
    // profiling runs would differentiate them by other formulas than plain autograd.
    JniUtils.setGraphExecutorOptimize(false);
  }

  /**
   * Runs {@code step} with gradients recorded on this thread, and restores the previous mode
   * afterwards.
   *
   * <p>Arrays made from Java's numbers must live until the gradients are computed. {@code mul},
   * {@code div} and {@code pow} by a number do not ensure that; {@link Ops#scaled} does.
   */
  public static <T> T recording(Supplier<T> step) {
    return inGradMode(true, step);
  }

  /**
   * The opposite, for a part of a recorded pass through which no gradient is to flow, such as what
   * a frozen teacher makes of the same input: its result is a constant to the rest.
   */
  public static <T> T withoutRecording(Supplier<T> step) {
    return inGradMode(false, step);
  }

  private static <T> T inGradMode(boolean recorded, Supplier<T> step) {
    boolean before = JniUtils.isGradMode();
    JniUtils.setGradMode(recorded);
    try {
      return step.get();
    } finally {
      JniUtils.setGradMode(before);
    }
  }

  /**
   * Runs independent pieces of work on as many threads as the operators of this thread may use, one
   * core for each, so that sums are rounded alike on any number of cores. On a GPU, the pieces run
   * one after another.
   *
   * @param device what the pieces compute on
   * @param pieces how many there are
   * @param piece is told a number from 0; what it changes belongs to it alone
   */
  public static void sideBySide(Device device, int pieces, IntConsumer piece) {
    ExecutorService pool =
        Executors.newFixedThreadPool(device.isGpu() ? 1 : JniUtils.getNumThreads());
    try {
      // All have ended when this returns: the caller may close what they compute with.
      CompletableFuture.allOf(
              IntStream.range(0, pieces)
                  .mapToObj(i -> CompletableFuture.runAsync(() -> onOneCore(piece, i), pool))
                  .toArray(CompletableFuture<?>[]::new))
          .join();
    } catch (CompletionException e) {
      if (e.getCause() instanceof Error error) {
        throw error;
      }
      throw (RuntimeException) e.getCause(); // pieces declare no other
    } finally {
      pool.shutdown();
    }
  }

  private static void onOneCore(IntConsumer piece, int number) {
    prepareThread(1);
    piece.accept(number);
  }

  /** A manager that owns arrays until it is closed. */
  public static NDManager newManager(Device device) {
    return NDManager.newBaseManager(device, ENGINE);
  }

  /** How many GPUs this machine has, whether or not libtorch can compute on them. */
  public static int gpus() {
    return Engine.getEngine(ENGINE).getGpuCount();
  }

  /**
   * Returns when the device has finished everything that this thread requested. A GPU computes
   * asynchronously, and the thread waits only where it reads a result.
   */
  public static void await(Device device) {
    if (device.isGpu()) {
      try (NDManager manager = newManager(device)) {
        manager.zeros(new Shape(1)).toFloatArray();
      }
    }
  }

  /** Why libtorch cannot compute on a device; empty if it can. */
  public static Optional<String> reasonAgainst(Device device) {
    try (NDManager manager = newManager(device)) {
      manager.zeros(new Shape(1));
      return Optional.empty();
    } catch (EngineException e) {
      // A sentence that says it; pages of backends and stacks follow.
      return Optional.of(e.getMessage().split("\\.\\s", 2)[0]);
    }
  }

  /**
   * libtorch's version, such as {@code 2.7.1}; of an installed one, what its own file says, such as
   * {@code 2.7.1+cu128}.
   */
  public static String version() {
    return Optional.ofNullable(System.getenv("PYTORCH_LIBRARY_PATH"))
        .flatMap(libraries -> versionBeside(Path.of(libraries)))
        .orElseGet(() -> Engine.getEngine(ENGINE).getVersion());
  }

  /** DJL would repeat what PYTORCH_VERSION claims. */
  static Optional<String> versionBeside(Path libraries) {
    try {
      return Optional.of(Files.readString(libraries.resolveSibling("build-version")).trim());
    } catch (IOException e) {
      return Optional.empty(); // not from the archive of its makers
    }
  }

  /** The version of DJL. */
  public static String djlVersion() {
    return Engine.getDjlVersion();
  }
}
