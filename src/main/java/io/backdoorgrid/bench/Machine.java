package io.backdoorgrid.bench;

import io.backdoorgrid.torch.Torch;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;

/**
 * What a measurement was taken on.
 *
 * @param processor as its maker calls it
 * @param threads that operators used
 */
public record Machine(String processor, int cores, int threads, String java, String torch) {

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /** This machine. */
  public static Machine here(int threads) {
    return new Machine(
        processorName(),
        Runtime.getRuntime().availableProcessors(),
        threads,
        System.getProperty("java.version"),
        Torch.version());
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
