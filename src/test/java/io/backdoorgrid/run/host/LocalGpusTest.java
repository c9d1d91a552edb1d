package io.backdoorgrid.run.host;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class LocalGpusTest {

  private final LocalGpus gpus = new LocalGpus();

  @Test
  void eachTaskTakesTheGpuThatTheFewestHold() {
    assertThat(gpus.take(10, 2)).isZero();
    assertThat(gpus.take(11, 2)).isEqualTo(1);
    assertThat(gpus.take(12, 2)).isZero();
    gpus.giveBack(10);
    gpus.giveBack(12);
    assertThat(gpus.take(13, 2)).isZero();
  }

  @Test
  void aTaskKeepsItsGpu() {
    gpus.take(10, 3);
    gpus.take(11, 3);
    gpus.giveBack(10);
    assertThat(gpus.take(11, 3)).isEqualTo(1);
  }
}
