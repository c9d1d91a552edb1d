package io.backdoorgrid.run.outside;

import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.LoneWeights;
import io.backdoorgrid.model.Classifier;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The channels of a network that stand out by the measure of a data-free defense. Clean networks
 * have some, too.
 *
 * @param defense by whose measure
 * @param channels that stand out
 * @param suspect the class that the last layer favors, where the defense looks for one
 * @param layers how many channels each layer has, in the order of computation
 */
public record Outliers(
    String defense,
    List<Findings.Channel> channels,
    Optional<Findings.ScoredClass> suspect,
    Map<String, Integer> layers) {

  /**
   * @param network left as it is
   */
  public static Outliers of(String name, DataFreeDefense defense, Classifier network) {
    try (Classifier copy = network.copy()) {
      var given = new LoneWeights(copy);
      var layers = new LinkedHashMap<String, Integer>();
      copy.units().forEach(unit -> layers.put(unit.name(), unit.channels()));
      defense.repair(copy, given);
      return new Outliers(
          name,
          given.findings().channels(),
          given.findings().classes().stream().filter(Findings.ScoredClass::suspected).findFirst(),
          layers);
    }
  }

  /** Of all layers. */
  public int allChannels() {
    return layers.values().stream().mapToInt(channels -> channels).sum();
  }

  /** Of a layer. */
  public List<Findings.Channel> in(String layer) {
    return channels.stream().filter(channel -> channel.layer().equals(layer)).toList();
  }
}
