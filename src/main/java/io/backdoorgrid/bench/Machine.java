package io.backdoorgrid.bench;

import ai.djl.Device;
import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * What a measurement was taken on.
 *
 * @param processor as its maker calls it
 * @param gpu likewise; empty where networks compute on the processor
 * @param threads that operators used
 */
public record Machine(
    String processor, String gpu, int cores, int threads, String java, String torch) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");
  private static final Path NVIDIA_CARDS = Path.of("/proc/driver/nvidia/gpus");

  /**
   * This machine.
   *
   * @param device on which networks compute
   */
  public static Machine here(int threads, Device device) {
    return new Machine(
        processorName(),
        device.isGpu() ? gpuName(device) : "",
        Runtime.getRuntime().availableProcessors(),
        threads,
        System.getProperty("java.version"),
        Torch.version());
  }

  /** Its processor and how many cores of it, such as {@code 2 x AMD EPYC}. */
  public static String processors() {
    return Runtime.getRuntime().availableProcessors() + " x " + processorName();
  }

  private static String gpuName(Device gpu) {
    try (Stream<Path> cards = Files.list(NVIDIA_CARDS)) {
      Path card = cards.sorted().toList().get(gpu.getDeviceId());
      return labelled("Model:", card.resolve("information")).orElse(gpu.toString());
    } catch (IOException | IndexOutOfBoundsException e) {
      return gpu.toString(); // of another maker
    }
  }

  private static String processorName() {
    try {
      return labelled("model name", CPU_INFO).orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }

  /** What stands behind the colon of the first line that starts so. */
  private static Optional<String> labelled(String start, Path file) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      return lines
          .filter(line -> line.startsWith(start))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst();
    }
  }
}
