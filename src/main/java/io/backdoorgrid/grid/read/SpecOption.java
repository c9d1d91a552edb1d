package io.backdoorgrid.grid.read;

import io.backdoorgrid.grid.Catalog;
import io.backdoorgrid.grid.Catalog.Kind;
import io.backdoorgrid.grid.GridException;
import io.backdoorgrid.grid.Names;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.grid.yaml.Node;
import io.backdoorgrid.grid.yaml.Place;
import io.backdoorgrid.grid.yaml.Yaml;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A named thing that the command line asks for in the words of a grid file.
 *
 * @param spec with all its hyperparameters
 * @param given those that were written out, or that a preset sets otherwise than the default
 */
public record SpecOption(Spec spec, Set<String> given) {

  /**
   * What {@code text} names: a name, {@code name: {hyperparameters}} or a list of these, where a
   * list among the hyperparameters is an axis.
   *
   * @param source how messages name the option
   * @throws GridException with one message for a person, if it names nothing of that kind
   */
  public static List<SpecOption> read(String source, String text, Kind kind, Catalog catalog) {
    Node node = Yaml.ofOption(Place.ofOption(Names.printable(source)), text);
    return new ChoiceReader(catalog)
        .read(catalog.axes().of(kind), node).stream()
            .flatMap(choice -> of(kind, choice, catalog).stream())
            .toList();
  }

  private static List<SpecOption> of(Kind kind, Choice choice, Catalog catalog) {
    return new Variants(catalog)
        .of(kind, List.of(choice)).stream()
            .map(variant -> new SpecOption(variant.spec(), given(kind, choice, variant, catalog)))
            .toList();
  }

  private static Set<String> given(
      Kind kind, Choice choice, Variants.Variant variant, Catalog catalog) {
    Set<String> given = new HashSet<>(choice.given().keySet());
    if (given.remove(Catalog.PRESET)) {
      Map<String, Object> defaults = catalog.entry(kind, choice.name()).defaults();
      variant.spec().parameters().entrySet().stream()
          .filter(parameter -> !parameter.getValue().equals(defaults.get(parameter.getKey())))
          .forEach(parameter -> given.add(parameter.getKey()));
    }
    return given;
  }

  /** The name with what was written out, such as {@code badnets size=5}. */
  public String label() {
    return spec.label(given);
  }

  /** What was written out, such as {@code size=5}. */
  public List<String> settings() {
    return spec.settings(given);
  }
}
