package io.backdoorgrid.grid;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class NamesTest {
  private static final List<String> ATTACKS = List.of("none", "badnets", "blended", "label-con");

  @Test
  void findsANameWithOneLetterMissingAddedReplacedOrSwapped() {
    assertThat(Names.nearest("badnet", ATTACKS)).contains("badnets");
    assertThat(Names.nearest("baddnets", ATTACKS)).contains("badnets");
    assertThat(Names.nearest("badnats", ATTACKS)).contains("badnets");
    assertThat(Names.nearest("bandets", ATTACKS)).contains("badnets");
  }

  @Test
  void ignoresCaseAndSeparators() {
    assertThat(Names.nearest("BadNets", ATTACKS)).contains("badnets");
    assertThat(Names.nearest("label_con", ATTACKS)).contains("label-con");
  }

  @Test
  void prefersTheClosest() {
    assertThat(Names.nearest("clp2", List.of("cl", "clp", "clp22"))).contains("clp");
  }

  @Test
  void suggestsNothingThatIsTooFar() {
    assertThat(Names.nearest("wanet", ATTACKS)).isEmpty();
    assertThat(Names.nearest("x", List.of("u"))).isEmpty();
    assertThat(Names.nearest("", ATTACKS)).isEmpty();
    assertThat(Names.nearest("a".repeat(1_000_000), ATTACKS)).isEmpty();
  }

  @Test
  void listsWhatIsKnown() {
    assertThat(Names.unknown("attack", "badnet", ATTACKS))
        .isEqualTo(
            "unknown attack 'badnet'; did you mean 'badnets'?"
                + " (known: none, badnets, blended, label-con)");
    assertThat(Names.unknown("attack", "x", List.of())).isEqualTo("unknown attack 'x'");
  }

  @Test
  void endsALongList() {
    List<String> seeds = IntStream.range(0, 1000).mapToObj(seed -> "s" + seed).toList();
    assertThat(Names.list(seeds)).startsWith("s0, s1, ").endsWith("s39, and 960 more");
  }

  @Test
  void quotesOnOneHarmlessShortLine() {
    assertThat(Names.quote("a\n\u001b[31mb\u202e")).isEqualTo("'a??[31mb?'");
    assertThat(Names.quote("a".repeat(100))).isEqualTo("'" + "a".repeat(60) + "...'");
  }
}
