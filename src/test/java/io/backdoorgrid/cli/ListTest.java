package io.backdoorgrid.cli;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.cli.CommandLineFixture.Ended;
import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import org.junit.jupiter.api.Test;

class ListTest {

  @Test
  void namesWhatEachSettingMayBe() {
    Ended ended = CommandLineFixture.run("list");
    assertThat(ended.exitCode()).isZero();
    assertThat(ended.out())
        .contains("model        resnet18, preactresnet18")
        .contains("poison-rate  default 0.1\n")
        .contains("extractor    simclr, supervised")
        .contains("metric       acc, asr, ra, cross, seconds, der, acc-drop");
  }

  @Test
  void groupsAlgorithmsByThreatModel() {
    assertThat(CommandLineFixture.run("list").out())
        .contains("attack       the attacker\n", "  composes every batch: wanet, bpp")
        .contains("defenses     the defender has\n", "  nothing but the weights: none, clp, lpp");
  }

  @Test
  void tellsWhatAnAlgorithmIsAndNeeds() {
    assertThat(CommandLineFixture.run("list", "sig").out())
        .startsWith("attack sig\n  SIG (Barni et al., ICIP 2019): ")
        .contains(
            """
              the attacker: poisons training images
              depends on: poison-rate
              presets: backdoorbench, hp, wiper
            """);
  }

  @Test
  void tellsDefaultPapersValuesMeaningAndRange() {
    assertThat(CommandLineFixture.run("list", "sig").out())
        .contains(
            """
              delta: 40 (wiper 20)
                  amplitude, above 0 and at most 255
              frequency: 6
                  waves across the image, positive
            """);
  }

  @Test
  void tellsWhatEachChoiceMeans() {
    assertThat(CommandLineFixture.run("list", "wiper").out())
        .contains(
            """
              reduction: mean
                  how the cross entropies of a batch are combined
                  - mean
                  - sum
            """)
        .contains("      - frozen: The victim's running ones, left as they are.\n");
  }

  /** Whatever is registered: nobody has to look into the source. */
  @Test
  void hasSomethingToSayOfEveryHyperparameter() {
    Catalog catalog = new Algorithms();
    for (Kind kind : Kind.values()) {
      for (String name : catalog.names(kind)) {
        if (name.startsWith("toy-")) {
          continue; // registered by other tests
        }
        Catalog.Entry entry = catalog.entry(kind, name);
        assertThat(entry.summary()).as(name).isNotEmpty();
        assertThat(entry.documented()).as(name).containsOnlyKeys(entry.defaults().keySet());
        entry
            .documented()
            .forEach((key, told) -> assertThat(told.meaning()).as(name + "." + key).isNotEmpty());
      }
    }
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
        .containsSubsequence("attack none\n", "the attacker: does nothing", "defense none\n");
  }

  @Test
  void namesTheNearest() {
    Ended ended = CommandLineFixture.run("list", "badnet");
    assertThat(ended.exitCode()).isEqualTo(2);
    assertThat(ended.err()).startsWith("unknown name 'badnet'; did you mean 'badnets'? (known: ");
  }
}
