package io.backdoorgrid.algorithm;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class KeysTest {

  @ParameterizedTest
  @CsvSource({
    "u, u",
    "batch, batch",
    "learningRate, learning-rate",
    "LEARNING_RATE, learning-rate",
    "NONE, none",
    "CONV_AND_RUNNING_MEAN, conv-and-running-mean"
  })
  void writesNamesAsGridFilesDo(String javaName, String key) {
    assertThat(Keys.kebab(javaName)).isEqualTo(key);
  }
}
