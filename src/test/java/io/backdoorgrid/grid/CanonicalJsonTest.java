package io.backdoorgrid.grid;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatIllegalArgumentException;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CanonicalJsonTest {
  @Test
  void sortsKeysAndLeavesNoSpaces() {
    assertThat(CanonicalJson.of(Map.of("b", List.of(1L, Map.of()), "a", Map.of("d", true))))
        .isEqualTo("{\"a\":{\"d\":true},\"b\":[1,{}]}");
  }

  @Test
  void spellsANumberInOneWay() {
    assertThat(CanonicalJson.of(List.of(3L, 3.0, 3, 0.10))).isEqualTo("[3,3,3,0.1]");
  }

  @Test
  void escapesText() {
    assertThat(CanonicalJson.of("a\"\\\n\u00e9")).isEqualTo("\"a\\\"\\\\\\u000a\u00e9\"");
  }

  @Test
  void refusesWhatJsonCannotHold() {
    assertThatIllegalArgumentException()
        .isThrownBy(() -> CanonicalJson.of('c'))
        .withMessage("no canonical JSON for c");
  }
}
