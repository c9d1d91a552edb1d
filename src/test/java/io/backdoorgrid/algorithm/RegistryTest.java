package io.backdoorgrid.algorithm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.entry;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Spec;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RegistryTest {

  private final Registry<Kettle> registry =
      new Registry<Kettle>(kettle -> kettle.whistles() ? Set.of("silence") : Set.of())
          .add(new Kettle())
          .add("quiet-kettle", new Kettle(1, 60, false, Kettle.Fuel.GAS, "blue", List.of()));

  private final Registry<Stove> stoves =
      new Registry<Stove>(unused -> Set.of())
          .add(new Stove())
          .add(
              "camp-stove",
              new Stove(1, new Stove.Burner(90, Kettle.Fuel.GAS, new Stove.Timer(2)), "red"));

  @Test
  void readsDefaultsFromTheRecordInItsOrder() {
    Catalog.Entry kettle = registry.entry("kettle");
    assertThat(kettle.name()).isEqualTo("kettle");
    assertThat(kettle.version()).isEqualTo(3);
    assertThat(kettle.defaults())
        .containsExactly(
            entry("cup-count", 4L),
            entry("max-temperature", 99.5),
            entry("whistles", true),
            entry("fuel", "green-power"),
            entry("label", "red"),
            entry("breaks", List.of(1L, 2L)));
  }

  /** Ids are made of what is named, and results are found by ids. */
  @Test
  void namesHyperparametersThatCameLaterOnlyWhereTheyMatter() {
    Registry<Lamp> lamps = new Registry<Lamp>(unused -> Set.of()).add(new Lamp());
    Catalog.Entry lamp = lamps.entry("lamp");
    assertThat(lamp.defaults()).containsOnlyKeys("watts", "colour", "folded");
    assertThat(lamp.complete(Map.of("colour", "white", "folded", false)))
        .containsExactly(entry("watts", 40L));
    assertThat(lamp.complete(Map.of("folded", true)))
        .containsExactly(entry("watts", 40L), entry("folded", true));
    assertThat(lamps.create(new Spec("lamp", 1, Map.of("watts", 60L))))
        .isEqualTo(new Lamp(60, "white", new Lamp.Shade(false)));
  }

  @Test
  void namesAlgorithmsInTheOrderOfAddition() {
    assertThat(registry.names()).containsExactly("kettle", "quiet-kettle");
    assertThatThrownBy(() -> registry.names().clear())
        .isInstanceOf(UnsupportedOperationException.class);
  }

  @Test
  void keepsAVariantsOwnDefaultsAndTheAlgorithmsVersion() {
    Catalog.Entry quiet = registry.entry("quiet-kettle");
    assertThat(quiet.name()).isEqualTo("quiet-kettle");
    assertThat(quiet.version()).isEqualTo(3);
    assertThat(quiet.defaults()).contains(entry("cup-count", 1L), entry("fuel", "gas"));
    assertThat(registry.create(new Spec("quiet-kettle", 3, Map.of("cup-count", 2L))))
        .isEqualTo(new Kettle(2, 60, false, Kettle.Fuel.GAS, "blue", List.of()));
  }

  @Test
  void writesPresetsOutInTheOrderOfTheirNames() {
    Catalog.Entry kettle = kettles().entry("kettle");
    assertThat(kettle.presets().keySet()).containsExactly("fast", "plain");
    assertThat(kettle.presets().get("fast"))
        .containsExactly(
            entry("cup-count", 1L),
            entry("max-temperature", 99.5),
            entry("whistles", true),
            entry("fuel", "gas"),
            entry("label", "red"),
            entry("breaks", List.of()));
    assertThat(kettle.presets().get("plain")).isEqualTo(kettle.defaults());
    assertThat(kettle.keys()).endsWith("breaks", "preset").hasSize(7);
  }

  @Test
  void givesAVariantPresetsOfItsOwn() {
    Catalog.Entry quiet = kettles().entry("quiet-kettle");
    assertThat(quiet.presets()).containsOnlyKeys("standard");
    assertThat(quiet.presets().get("standard")).isEqualTo(quiet.complete(Map.of("cup-count", 2)));
    Catalog.Entry bare = registry.entry("kettle");
    assertThat(bare.presets()).isEmpty();
    assertThat(bare.keys()).isEqualTo(bare.defaults().keySet());
  }

  private static Registry<Kettle> kettles() {
    return new Registry<Kettle>(unused -> Set.of())
        .add(
            new Kettle(),
            Map.of(
                "plain", Map.of(),
                "fast", Map.of("cup-count", 1, "fuel", "gas", "breaks", List.of())))
        .add(
            "quiet-kettle",
            new Kettle(1, 60, false, Kettle.Fuel.GAS, "blue", List.of()),
            Map.of("standard", Map.of("cup-count", 2)));
  }

  @Test
  void refusesAPresetOfAHyperparameterThatThereIsNot() {
    assertPresetRefused(
        Map.of("cups", 1),
        "kettle has no 'cups',"
            + " only [cup-count, max-temperature, whistles, fuel, label, breaks]");
  }

  @Test
  void refusesAPresetWithAnImpossibleValue() {
    assertPresetRefused(
        Map.of("fuel", "coal"), "fuel must be one of [gas, green-power], got 'coal'");
    assertPresetRefused(Map.of("cup-count", 0), "cup-count must be at least 1, got 0");
  }

  private static void assertPresetRefused(Map<String, Object> changes, String message) {
    var empty = new Registry<Kettle>(unused -> Set.of());
    assertThatThrownBy(() -> empty.add(new Kettle(), Map.of("fast", changes)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("preset 'fast' of kettle: " + message);
    assertThat(empty.names()).isEmpty();
  }

  @Test
  void tellsWhichSharedSettingsAnAlgorithmUses() {
    assertThat(registry.entry("kettle").uses()).containsExactly("silence");
    assertThat(registry.entry("quiet-kettle").uses()).isEmpty();
  }

  @Test
  void completesWhatIsGivenToAllParametersInOrder() {
    assertThat(
            registry.entry("kettle").complete(Map.of("breaks", List.of(7L), "max-temperature", 1L)))
        .containsExactly(
            entry("cup-count", 4L),
            entry("max-temperature", 1.0),
            entry("whistles", true),
            entry("fuel", "green-power"),
            entry("label", "red"),
            entry("breaks", List.of(7L)));
  }

  @Test
  void createsTheRecordWithGivenValuesOverItsDefaults() {
    var spec = new Spec("kettle", 3, Map.of("cup-count", 2L, "fuel", "gas", "whistles", false));
    assertThat(registry.create(spec))
        .isEqualTo(new Kettle(2, 99.5, false, Kettle.Fuel.GAS, "red", List.of(1, 2)));
  }

  @Test
  void takesAWholeNumberForADecimalOneAndAWholeDecimalForAWholeOne() {
    Map<String, Object> completed =
        registry.entry("kettle").complete(Map.of("max-temperature", 1L, "cup-count", 6.0));
    assertThat(completed).contains(entry("max-temperature", 1.0), entry("cup-count", 6L));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "cup-count       | cup-count must be a whole number, got '1.5'",
        "breaks          | breaks must be a list, got '1.5'",
        "whistles        | whistles must be true or false, got '1.5'",
        "fuel            | fuel must be one of [gas, green-power], got '1.5'"
      })
  void refusesADecimalNumberForAnotherType(String key, String message) {
    assertRefused(Map.of(key, 1.5), message);
  }

  @Test
  void refusesTextForANumber() {
    assertRefused(Map.of("max-temperature", "hot"), "max-temperature must be a number, got 'hot'");
    assertRefused(Map.of("cup-count", "two"), "cup-count must be a whole number, got 'two'");
    assertRefused(Map.of("breaks", List.of(1L, "x")), "breaks must be a whole number, got 'x'");
  }

  @Test
  void refusesAWholeNumberBeyondAnInt() {
    assertRefused(
        Map.of("cup-count", 3_000_000_000L), "cup-count must be a whole number, got '3000000000'");
  }

  @Test
  void namesTheChoicesWhereNoneOfThemIsGiven() {
    assertRefused(Map.of("fuel", "coal"), "fuel must be one of [gas, green-power], got 'coal'");
    assertRefused(
        Map.of("fuel", "GREEN_POWER"), "fuel must be one of [gas, green-power], got 'GREEN_POWER'");
  }

  @Test
  void passesOnWhatTheRecordSaysAboutImpossibleValues() {
    assertRefused(Map.of("cup-count", 0L), "cup-count must be at least 1, got 0");
  }

  @Test
  void refusesAnUnknownParameter() {
    assertRefused(
        Map.of("lid", true),
        "kettle has no 'lid', only [cup-count, max-temperature, whistles, fuel, label, breaks]");
  }

  @Test
  void refusesAnyParameterWhereThereAreNone() {
    var plain = new Registry<Plain>(unused -> Set.of()).add(new Plain());
    assertThatThrownBy(() -> plain.create(new Spec("plain", 1, Map.of("size", 1L))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("plain has no 'size', only its defaults");
  }

  @Test
  void refusesAnUnknownName() {
    assertThatThrownBy(() -> registry.entry("pot"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("unknown name 'pot', known: [kettle, quiet-kettle]");
  }

  @Test
  void refusesWhatIsNoAnnotatedRecord() {
    var objects = new Registry<Object>(unused -> Set.of());
    assertThatThrownBy(() -> objects.add("text"))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("class java.lang.String is no record with @Algorithm");
  }

  @Test
  void readsTheComponentsOfANestedRecordInItsPlace() {
    assertThat(stoves.entry("stove").defaults())
        .containsExactly(
            entry("plates", 4L),
            entry("max-heat", 300.0),
            entry("fuel", "gas"),
            entry("longest-hours", 9L),
            entry("label", "grey"));
  }

  @Test
  void laysGivenValuesOverThoseOfANestedRecord() {
    Map<String, Object> given = Map.of("longest-hours", 2L, "fuel", "green-power", "plates", 1L);
    assertThat(stoves.create(new Spec("stove", 1, given)))
        .isEqualTo(
            new Stove(
                1, new Stove.Burner(300, Kettle.Fuel.GREEN_POWER, new Stove.Timer(2)), "grey"));
    assertThat(stoves.entry("camp-stove").complete(Map.of("max-heat", 60L)))
        .containsExactly(
            entry("plates", 1L),
            entry("max-heat", 60.0),
            entry("fuel", "gas"),
            entry("longest-hours", 2L),
            entry("label", "red"));
  }

  @Test
  void leavesThePrototypesNestedRecordAsItIs() {
    stoves.create(new Spec("stove", 1, Map.of("max-heat", 60L, "longest-hours", 2L)));
    assertThat(stoves.create(new Spec("stove", 1, Map.of()))).isEqualTo(new Stove());
  }

  @Test
  void passesOnWhatANestedRecordSaysAboutImpossibleValues() {
    Catalog.Entry stove = stoves.entry("stove");
    assertThatThrownBy(() -> stove.complete(Map.of("longest-hours", 0L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("longest-hours must be at least 1, got 0");
    assertThatThrownBy(() -> stove.complete(Map.of("max-heat", "hot")))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("max-heat must be a number, got 'hot'");
  }

  @Test
  void knowsANestedRecordByItsComponentsOnly() {
    assertThatThrownBy(() -> stoves.entry("stove").complete(Map.of("burner", 1L)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("stove has no 'burner', only [plates, max-heat, fuel, longest-hours, label]");
  }

  /** Either would set both. */
  @Test
  void refusesTwoHyperparametersOfOneName() {
    var ovens = new Registry<Record>(unused -> Set.of());
    assertThatThrownBy(() -> ovens.add(new Oven(new Tray(3), 5)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("int size has the name of another hyperparameter");
    assertThatThrownBy(() -> ovens.add(new Bakery(new Tray(3), new Tray(4))))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("int size has the name of another hyperparameter");
    assertThat(ovens.names()).isEmpty();
  }

  /** Grid files could not tell one from the other. */
  @Test
  void refusesAHyperparameterWithTheKeyOfPresets() {
    var looms = new Registry<Record>(unused -> Set.of());
    assertThatThrownBy(() -> looms.add(new Loom(1)))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("int preset has the key that names presets");
  }

  private void assertRefused(Map<String, Object> given, String message) {
    assertThatThrownBy(() -> registry.entry("kettle").complete(given))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(message);
  }

  @Algorithm("plain")
  private record Plain() {}

  record Tray(int size) {}

  @Algorithm("oven")
  record Oven(Tray tray, int size) {}

  @Algorithm("loom")
  record Loom(int preset) {}

  @Algorithm("bakery")
  record Bakery(Tray upper, Tray lower) {}
}
