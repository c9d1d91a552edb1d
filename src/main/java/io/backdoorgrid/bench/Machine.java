package io.backdoorgrid.bench;

import ai.djl.Device;
import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
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

  private static String gpuName(Device gpu) {
    try {
      Process asked =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name",
                  "--format=csv,noheader",
                  "--id=" + gpu.getDeviceId())
              .start();
      String name = new String(asked.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return name.isBlank() ? gpu.toString() : name.trim();
    } catch (IOException e) {
      return gpu.toString(); // of another maker
    }
  }

  private static String processorName() {
    try (Stream<String> lines = Files.lines(CPU_INFO)) {
      return lines
          .filter(line -> line.startsWith("model name"))
          .map(line -> line.substring(line.indexOf(':') + 1).trim())
          .findFirst()
          .orElse(System.getProperty("os.arch"));
    } catch (IOException e) {
      return System.getProperty("os.arch"); // not Linux
    }
  }
}
