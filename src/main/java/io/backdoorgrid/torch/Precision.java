package io.backdoorgrid.torch;

import ai.djl.Device;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/**
 * The arithmetic of convolutions and matrix products.
 *
 * <p>Weights, optimizer state, batch-norm statistics and losses are float32 in either case. The
 * choice is made once, by the type of the images that enter a network: every operator follows its
 * input.
 */
public enum Precision {
  /** On GPUs, cuDNN's convolutions round the factors to 11 binary digits (TensorFloat-32). */
  FLOAT32,
  /** Products of bfloat16 numbers, accumulated in float32; forward and backward. */
  BFLOAT16;

  private static final Path CPU_INFO = Path.of("/proc/cpuinfo");

  /**
   * Reads {@code auto}, {@code float32} or {@code bfloat16}.
   *
   * <p>{@code auto} is bfloat16 where the device multiplies it faster than float32 (GPUs; CPUs with
   * AVX-512 BF16 or AMX instructions), float32 elsewhere.
   *
   * @throws IllegalArgumentException for any other name
   */
  public static Precision of(String name, Device device) {
    return switch (name) {
      case "auto" -> device.isGpu() || cpuHasBfloat16() ? BFLOAT16 : FLOAT32;
      case "float32" -> FLOAT32;
      case "bfloat16" -> BFLOAT16;
      default ->
          throw new IllegalArgumentException(
              "precision must be auto, float32 or bfloat16, got '" + name + "'");
    };
  }

  private static boolean cpuHasBfloat16() {
    try {
      String flags = Files.readString(CPU_INFO);
      return flags.contains("avx512_bf16") || flags.contains("amx_bf16");
    } catch (IOException e) {
      return false; // not Linux: nothing tells, and float32 is always right
    }
  }

  /** As in a grid file. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
