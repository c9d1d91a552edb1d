package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.cli.CommandLineFixture.Ended;
import org.junit.jupiter.api.Test;

class ListTest {

  @Test
  void namesWhatEachSettingMayBe() {
    Ended ended = CommandLineFixture.run("list");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out().lines())
        .hasSize(13)
        .contains(
            "model        resnet18, preactresnet18",
            "poison-rate  default 0.1",
            "extractor    simclr, supervised",
            "metric       acc, asr, ra, cross, seconds, der, acc-drop");
  }

  @Test
  void tellsDefaultsAndWhatPresetsChange() {
    assertThat(CommandLineFixture.run("list", "sig").out())
        .isEqualTo(
            """
            attack sig
              delta                  40
              frequency              6
              labels                 clean-label
              target                 0
              preset: backdoorbench  the defaults
              preset: hp             target=1
              preset: wiper          delta=20
              depends on             poison-rate
            """);
  }

  @Test
  void tellsWhatAMetricIs() {
    assertThat(CommandLineFixture.run("list", "der").out())
        .isEqualTo(
            """
            metric der
              heading                DER
              unit                   percent
              better                 higher
              columns of a row       acc, asr, victim-acc, victim-asr
            """);
  }

  /** An attack and a defense. */
  @Test
  void tellsAllThatHaveTheName() {
    assertThat(CommandLineFixture.run("list", "none").out())
        .isEqualTo("attack none\ndefense none\n");
  }

  @Test
  void namesTheNearest() {
    Ended ended = CommandLineFixture.run("list", "badnet");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("unknown name 'badnet'; did you mean 'badnets'? (known: ");
  }
}
