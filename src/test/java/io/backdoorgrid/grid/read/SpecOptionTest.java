package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.GridException;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SpecOptionTest {

  private static List<SpecOption> read(String text) {
    return SpecOption.read("--attack " + text, text, Kind.ATTACK, new FakeCatalog());
  }

  @Test
  void fillsInDefaultsAndShowsWhatWasGiven() {
    SpecOption badnets = read("badnets: {target: 0}").get(0);
    assertThat(badnets.spec().parameters()).containsEntry("size", 3L).containsEntry("target", 0L);
    assertThat(badnets.label()).isEqualTo("badnets target=0");
    assertThat(badnets.settings()).containsExactly("target=0");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          badnets                                          | badnets
          [none, badnets]                                  | none; badnets
          badnets: {target: [0, 1], size: 5}               | badnets size=5 target=0; badnets size=5 target=1
          [{badnets: {size: 5}}, {blended: {alpha: 0.1}}]  | badnets size=5; blended alpha=0.1
          blended: {preset: [first, faint]}                | blended; blended alpha=0.05
          blended: {preset: faint, alpha: 0.2}             | blended alpha=0.2
          """)
  void readsTheWordsOfAGridFile(String text, String labels) {
    assertThat(read(text)).extracting(SpecOption::label).containsExactly(labels.split("; "));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          badnet                    | unknown attack 'badnet'; did you mean 'badnets'? (known: none, badnets, blended)
          badnets: {sise: 5}        | unknown hyperparameter 'sise' of attack 'badnets'; did you mean 'size'? (known: size, target)
          badnets: {size: big}      | badnets: size must be a Long, got 'big'
          blended: {preset: fait}   | unknown preset 'fait' of attack 'blended'; did you mean 'faint'? (known: faint, first)
          badnets: {size            | not valid YAML: while parsing a flow mapping, expected ',' or '}', but got <stream end>
          []                        | attack is an empty list
          """)
  void explainsMistakes(String text, String message) {
    assertThatThrownBy(() -> read(text))
        .isInstanceOf(GridException.class)
        .hasMessage("--attack %s: %s", text, message);
  }
}
