package io.backdoorgrid.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class SpecTest {

  private static Spec lpp(Map<String, Object> parameters) {
    return new Spec("lpp", 1, parameters);
  }

  @Test
  void labelsShowWhatIsNotTheSameInAll() {
    var specs = List.of(lpp(Map.of("u", 2L, "b", 1L)), lpp(Map.of("u", 3L, "b", 1L)));
    assertThat(Spec.differing(specs)).isEqualTo(Map.of("lpp", Set.of("u")));
  }

  /** One that was added later is missing where it has its default, in whichever order they come. */
  @Test
  void labelsShowWhatOnlySomeHave() {
    Spec with = lpp(Map.of("u", 2L, "dead", 0.01));
    for (int u = 0; u < 20; u++) {
      Spec without = lpp(Map.of("u", 2L + u));
      assertThat(Spec.differing(List.of(with, without)).get("lpp")).contains("dead");
      assertThat(Spec.differing(List.of(without, with)).get("lpp")).contains("dead");
    }
  }
}
