package io.backdoorgrid.grid.read;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.grid.Trial;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RangeTest {

  private static final String GRID =
      """
      victims: {dataset: cifar10, model: resnet18, attack: badnets}
      defenses: {clp: {u: %s}}
      """;

  @TempDir Path folder;
  private Grids grids;

  @BeforeEach
  void grids() {
    grids = new Grids(folder);
  }

  private List<String> u(String values) {
    return grids.read(GRID.formatted(values)).cells().stream().map(RangeTest::u).toList();
  }

  private static String u(Trial cell) {
    return cell.text("clp.u");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {from: 1, to: 3}               | 1 2 3
          {from: 1, to: 3, step: 0.5}    | 1 1.5 2 2.5 3
          {from: 0.1, to: 0.5, step: 0.1}| 0.1 0.2 0.3 0.4 0.5
          {from: 1, to: 2.5}             | 1 2
          {from: 2, to: 2}               | 2
          {from: 1e-3, to: 3.e-3, step: 0.001} | 0.001 0.002 0.003
          {log: [1e-4, 0.1], count: 4}   | 0.0001 0.001 0.01 0.1
          {log: [8, 1], count: 4}        | 8 4 2 1
          {log: [1, 2], count: 3}        | 1 1.41421 2
          [0.5, {from: 1, to: 2}, 9]     | 0.5 1 2 9
          """)
  void standsForItsNumbers(String range, String numbers) {
    assertThat(u(range)).containsExactly(numbers.split(" "));
  }

  @Test
  void givesTheCellsOfTheSameList() {
    assertThat(grids.read(GRID.formatted("{from: 2, to: 4, step: 0.5}")).cells())
        .containsExactlyElementsOf(grids.read(GRID.formatted("[2, 2.5, 3, 3.5, 4]")).cells());
  }

  @Test
  void isAnAxisOfVictims() {
    String grid =
        """
        victims:
          dataset: cifar10
          model: resnet18
          attack: badnets
          seed: {from: 0, to: 2}
          poison-rate: {log: [0.001, 0.1], count: 3}
        defenses: none
        """;
    assertThat(grids.read(grid).cells())
        .extracting(cell -> cell.text("poison-rate") + " " + cell.text("seed"))
        .containsExactlyInAnyOrder(
            "0.001 0", "0.01 0", "0.1 0", "0.001 1", "0.01 1", "0.1 1", "0.001 2", "0.01 2",
            "0.1 2");
  }

  @Test
  void isSetOnTheCommandLine() {
    assertThat(grids.set(GRID.formatted(3), "clp.u={from: 1, to: 2}").cells())
        .extracting(RangeTest::u)
        .containsExactly("1", "2");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {from: 1}                     | 2:21: u: a range is {from: 1, to: 5, step: 0.5} or {log: [0.001, 0.1], count: 3}, got from
          {from: 1, to: 2, count: 3}    | 2:21: u: a range is {from: 1, to: 5, step: 0.5} or {log: [0.001, 0.1], count: 3}, got from, to, count
          {from: 3, to: 1}              | 2:21: u: from must not be above to, got 3 and 1
          {from: 1, to: 3, step: 0}     | 2:44: u: step must be positive, got 0
          {from: 1, to: many}           | 2:35: u: to must be a number, got 'many'
          {from: 0, to: 1e9}            | 2:21: u: more than 5000000 values
          {log: [0, 1], count: 3}       | 2:27: u: log needs positive numbers
          {log: [1, 2], count: 1}       | 2:42: u: count must be a whole number of at least 2
          {log: [1], count: 3}          | 2:21: u: a range is {from: 1, to: 5, step: 0.5} or {log: [0.001, 0.1], count: 3}, got log, count
          """)
  void saysWhatIsWrong(String range, String message) {
    assertThat(grids.mistake(GRID.formatted(range))).isEqualTo("grid.yaml:" + message);
  }
}
