package io.backdoorgrid.grid.yaml;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import io.backdoorgrid.grid.GridException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class YamlTest {
  @Test
  void givesScalarsTheirTypes() {
    assertThat(plain("[1, -2, +3, 0.5, .5, 1e-1, 1E3, 1., true, False, ~, null]"))
        .isEqualTo(Arrays.asList(1L, -2L, 3L, 0.5, 0.5, 0.1, 1000.0, 1.0, true, false, null, null));
  }

  @Test
  void leavesWordsAndQuotedTextAlone() {
    assertThat(plain("[no, off, yes, 0x10, 1_000, 1e999, '1', \"true\", bf16]"))
        .isEqualTo(List.of("no", "off", "yes", "0x10", "1_000", "1e999", "1", "true", "bf16"));
    assertThat(plain("a: |\n  1\nb: >-\n  2\n")).isEqualTo(Map.of("a", "1\n", "b", "2"));
  }

  @Test
  void takesAWholeNumberBeyondALongForADouble() {
    assertThat(plain("12345678901234567890")).isEqualTo(12345678901234567890.0);
  }

  @Test
  void tellsQuotedTextAfterWideCharacters() {
    assertThat(plain("{\ud83d\ude00\u00e9: '1', b: 2}"))
        .isEqualTo(Map.of("\ud83d\ude00\u00e9", "1", "b", 2L));
  }

  @Test
  void keepsThePlacesOfKeysAndValues() {
    Node.Mapping root =
        (Node.Mapping) Yaml.ofFile(Place.of(Path.of("x.yaml")), "# remark\na:\n  - {b: [1, 2]}\n");
    Node.Member a = root.members().get("a");
    assertThat(a.place()).hasToString("x.yaml:2:1");
    Node.Mapping item = (Node.Mapping) ((Node.Sequence) a.value()).items().get(0);
    assertThat(item.place()).hasToString("x.yaml:3:5");
    Node.Sequence b = (Node.Sequence) item.members().get("b").value();
    assertThat(b.items().get(1).place()).hasToString("x.yaml:3:13");
  }

  @Test
  void keepsTheOrderOfKeys() {
    assertThat(
            ((Node.Mapping) Yaml.ofFile(Place.of(Path.of("x")), "{c: 1, a: 2, b: 3}"))
                .members()
                .keySet())
        .containsExactly("c", "a", "b");
  }

  @Test
  void readsNothingAsNothing() {
    assertThat(plain("")).isNull();
    assertThat(plain("# remark\n")).isNull();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          {a: 1, a: 2}      | x:1:8: duplicate key 'a', first on line 1
          a: &b 1           | x:1:4: anchors (&) and aliases (*) are not supported; write the value out
          &a b: 1           | x:1:1: anchors (&) and aliases (*) are not supported; write the value out
          a: &b [1]         | x:1:4: anchors (&) and aliases (*) are not supported; write the value out
          a: *b             | x:1:4: anchors (&) and aliases (*) are not supported; write the value out
          a: !!str 1        | x:1:4: tags (!) are not supported; write the bare value
          a: !!binary aa==  | x:1:4: tags (!) are not supported; write the bare value
          a: !x {}          | x:1:4: tags (!) are not supported; write the bare value
          a: [1, 2          | x:1:9: not valid YAML: while parsing a flow sequence, expected ',' or ']', but got <stream end>
          a: b: c           | x:1:5: not valid YAML: mapping values are not allowed here
          {[1]: 2}          | x:1:3: not valid YAML: Expected a field name (Scalar value in YAML)
          """)
  void refuses(String text, String message) {
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofFile(Place.of(Path.of("x")), text))
        .withMessage(message);
  }

  @Test
  void refusesASecondDocument() {
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofFile(Place.of(Path.of("x")), "a: 1\n---\nb: 2\n"))
        .withMessage("x:3:1: a second YAML document; one file holds one");
  }

  @Test
  void refusesDeepNesting() {
    assertThat(plain("[".repeat(32) + "]".repeat(32))).isInstanceOf(List.class);
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofFile(Place.of(Path.of("x")), "[".repeat(500_000)))
        .withMessage("x:1:33: nested more than 32 levels deep");
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofFile(Place.of(Path.of("x")), "- ".repeat(500_000)))
        .withMessage("x:1:65: nested more than 32 levels deep");
  }

  @Test
  void readsALargeFileOfOneLineInLinearTime() {
    Node.Sequence list =
        (Node.Sequence) Yaml.ofFile(Place.of(Path.of("x")), "[" + "0,".repeat(500_000) + "'0']");
    assertThat(list.items()).hasSize(500_001);
    assertThat(list.items().get(500_000).plain()).isEqualTo("0");
  }

  @Test
  void refusesUnprintableCharacters() {
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofFile(Place.of(Path.of("x")), "a: \u0000"))
        .withMessage("x:1:1: not valid YAML: special characters are not allowed");
  }

  @Test
  void placesEverythingOfAnOptionAtTheOption() {
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofOption(Place.ofOption("--set a=[1"), "[1"))
        .withMessageStartingWith("--set a=[1: not valid YAML: ");
    assertThatExceptionOfType(GridException.class)
        .isThrownBy(() -> Yaml.ofOption(Place.ofOption("--set a={b: 1, b: 2}"), "{b: 1, b: 2}"))
        .withMessage("--set a={b: 1, b: 2}: duplicate key 'b'");
  }

  private static Object plain(String text) {
    return Yaml.ofFile(Place.of(Path.of("x")), text).plain();
  }
}
