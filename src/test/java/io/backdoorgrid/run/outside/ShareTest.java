package io.backdoorgrid.run.outside;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class ShareTest {

  /** Wilson's interval of 8 of 10, as textbooks have it: 0.490 to 0.943. */
  @Test
  void knowsHowUncertainItIs() {
    var share = new Share(8, 10);
    assertThat(share.percent()).isEqualTo(80);
    assertThat(share.least()).isCloseTo(49.0, within(0.05));
    assertThat(share.most()).isCloseTo(94.3, within(0.05));
  }

  /** None of 100 may still be 3.7 %; all of none of them are not certain. */
  @Test
  void isNeverCertain() {
    assertThat(new Share(0, 100).least()).isCloseTo(0, within(1e-9));
    assertThat(new Share(0, 100).most()).isCloseTo(3.7, within(0.05));
    assertThat(new Share(100, 100).least()).isCloseTo(96.3, within(0.05));
  }
}
