package io.backdoorgrid.run.view;

import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.Version;
import io.backdoorgrid.run.outside.ExportedModel;
import io.backdoorgrid.run.victim.DataFolders;
import io.backdoorgrid.run.victim.Material;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Exports;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiConsumer;
import org.apache.hadoop.conf.Configuration;

/** Stored victims as files that others read. */
public final class VictimExport {

  private VictimExport() {}

  /**
   * Writes every victim of a plan that the store has, named by its id.
   *
   * @param missing is told of those that it has not, with the reason
   * @param threads cores that operators may use
   * @return the files
   * @throws io.backdoorgrid.data.BadDataException if a data set is not there: it tells how the
   *     networks normalize
   */
  public static List<String> write(
      Plan plan,
      String out,
      Configuration hadoop,
      String dataDirectory,
      String to,
      Container container,
      int threads,
      BiConsumer<Victim, String> missing) {
    Store store = Store.openForReading(out, hadoop);
    Path data = Path.of(dataDirectory).toAbsolutePath();
    DataFolders.require(plan.victims().stream().map(Victim::dataset).distinct().toList(), data);
    Torch.prepareThread(threads);
    var environment = Environment.ofThisProcess(store.uri(), data.toString(), hadoop, threads);
    var files = Exports.at(to, hadoop);
    String end = container == Container.SAFETENSORS ? ".safetensors" : ".pt";
    var written = new ArrayList<String>();
    for (Victim victim : plan.victims()) {
      Material material = Material.of(victim, environment, Devices.current());
      try {
        Optional<TrainedVictim> found = TrainedVictim.find(victim, material, environment, store);
        if (found.isEmpty()) {
          missing.accept(victim, "is not in %s: run the grid first".formatted(out));
        } else {
          try (TrainedVictim trained = found.get()) {
            written.add(files.write(victim.id() + end, bytes(trained, container)));
          }
        }
      } catch (DamagedException e) {
        missing.accept(victim, "is damaged: " + e.getMessage());
      }
    }
    return written;
  }

  private static byte[] bytes(TrainedVictim trained, Container container) {
    Normalization normalization = trained.classifier().design().normalization();
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("victim", trained.victim().id().toString());
    notes.put("dataset", trained.victim().dataset().name());
    notes.put("backdoorgrid", "%s (%s)".formatted(Version.number(), Version.commit()));
    return ExportedModel.bytes(trained.classifier().weights(), normalization, container, notes);
  }
}
