package io.backdoorgrid.run.schedule;

import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Victim;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.TreeMap;

/**
 * How fast this machine trained when it was benchmarked, kept in the user's cache folder for plans
 * of which nothing is finished yet.
 */
public record BenchedSpeeds(List<Speed> speeds) {

  /** Nothing was measured. */
  public static final BenchedSpeeds NONE = new BenchedSpeeds(List.of());

  private static final String FILE = "speeds.json";

  /**
   * Of one network.
   *
   * @param gigaMultiplications of an image's forward pass
   * @param precision as in a grid file
   * @param rate billions of multiplications per second and thread, in training
   */
  public record Speed(double gigaMultiplications, String precision, double rate) {}

  /**
   * What the last benchmark of a machine left.
   *
   * @param cache the user's folder
   * @param machine its processor and how many cores of it
   */
  public static BenchedSpeeds read(Path cache, String machine) {
    return new BenchedSpeeds(all(cache).getOrDefault(machine, List.of()));
  }

  private static Map<String, List<Speed>> all(Path cache) {
    try {
      return new ObjectMapper().readValue(cache.resolve(FILE).toFile(), new TypeReference<>() {});
    } catch (IOException e) {
      return Map.of(); // none, or of another version: a plan can do without
    }
  }

  /** Replaces what is known of a machine. */
  public void write(Path cache, String machine) throws IOException {
    var all = new TreeMap<>(all(cache));
    all.put(machine, speeds);
    Files.createDirectories(cache);
    Path written = Files.createTempFile(cache, FILE, "");
    new ObjectMapper().writerWithDefaultPrettyPrinter().writeValue(written.toFile(), all);
    Files.move(written, cache.resolve(FILE), StandardCopyOption.REPLACE_EXISTING);
  }

  /**
   * The rate that trains all those victims in the time that each takes at the rate of the network
   * that is nearest to its own in size; empty if none was benchmarked in the precision of one.
   */
  OptionalDouble rate(List<Victim> victims) {
    double work = 0;
    double seconds = 0;
    for (Victim victim : victims) {
      double billions = CostModel.billions(victim);
      Optional<Speed> nearest = nearest(victim);
      if (nearest.isEmpty()) {
        return OptionalDouble.empty();
      }
      work += billions;
      seconds += billions / nearest.get().rate();
    }
    return seconds > 0 ? OptionalDouble.of(work / seconds) : OptionalDouble.empty();
  }

  private Optional<Speed> nearest(Victim victim) {
    double size = Math.log(CostModel.multiplications(victim));
    String precision = CostModel.precision(victim);
    return speeds.stream()
        .filter(speed -> speed.precision().equals(precision))
        .min(Comparator.comparing(s -> Math.abs(Math.log(s.gigaMultiplications()) - size)));
  }
}
