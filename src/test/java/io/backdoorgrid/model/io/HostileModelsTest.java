package io.backdoorgrid.model.io;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Files that lie about themselves are refused with a line, soon and without much memory. */
class HostileModelsTest {

  private static final long MOST_SECONDS = 2;
  private static final long MOST_BYTES = 256L << 20;

  @TempDir Path folder;

  @ParameterizedTest(name = "{0}")
  @MethodSource("io.backdoorgrid.model.io.HostileFiles#all")
  void isRefused(String name, byte[] file) throws IOException {
    Path path = Files.write(folder.resolve("model"), file);
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long before = thread.getCurrentThreadAllocatedBytes();
    long start = System.nanoTime();
    assertThatThrownBy(() -> ModelFile.read(path, Optional.empty()))
        .isInstanceOf(ModelFileException.class)
        .message()
        .startsWith(path + ": ")
        .hasLineCount(1)
        .hasSizeLessThan(path.toString().length() + 200);
    assertThat(TimeUnit.NANOSECONDS.toSeconds(System.nanoTime() - start)).isLessThan(MOST_SECONDS);
    // All that was ever allocated: more than what was held at any time.
    assertThat(thread.getCurrentThreadAllocatedBytes() - before).isLessThan(MOST_BYTES);
  }

  @Test
  void areMoreThanSixty() {
    assertThat(HostileFiles.all()).hasSizeGreaterThan(60);
  }

  @ParameterizedTest
  @ValueSource(strings = {"half.safetensors", "kuangliu.pth", "torchvision-legacy.pt", "script.pt"})
  void isRefusedWhereverItIsCutOff(String name) throws IOException {
    byte[] whole = Files.readAllBytes(OutsideFiles.path(name));
    for (int percent = 0; percent < 100; percent++) {
      byte[] part = Arrays.copyOf(whole, whole.length * percent / 100);
      Path path = Files.write(folder.resolve("model"), part);
      assertThatThrownBy(() -> ModelFile.read(path, Optional.empty()))
          .as("%d percent", percent)
          .isInstanceOf(ModelFileException.class)
          .message()
          .hasLineCount(1);
    }
  }

  /** Whatever is changed in a sound file, it is read or refused. */
  @ParameterizedTest
  @ValueSource(
      strings = {"half.safetensors", "views.pt", "torchvision-legacy.pt", "evil.pt", "script.pt"})
  void survivesRandomChanges(String name) throws IOException {
    byte[] whole = Files.readAllBytes(OutsideFiles.path(name));
    var random = new Random(1);
    Path path = folder.resolve("model");
    int refused = 0;
    for (int round = 0; round < 500; round++) {
      byte[] changed = whole.clone();
      // Most of what matters stands at the beginning or the end.
      int span = random.nextBoolean() ? whole.length : Math.min(whole.length, 600);
      for (int i = random.nextInt(4); i >= 0; i--) {
        int at = random.nextInt(span);
        changed[random.nextInt(4) == 0 ? whole.length - 1 - at : at] = (byte) random.nextInt();
      }
      Files.write(path, changed);
      try {
        ModelFile.read(path, Optional.empty());
      } catch (ModelFileException e) {
        refused++;
        assertThat(e.getMessage()).startsWith(path + ": ");
      }
    }
    assertThat(refused).isGreaterThan(20);
  }
}
