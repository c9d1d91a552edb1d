package io.backdoorgrid.run.view;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.host.Version;
import io.backdoorgrid.run.outside.ExportedModel;
import io.backdoorgrid.run.task.RepairedNetwork;
import io.backdoorgrid.run.victim.DataFolders;
import io.backdoorgrid.run.victim.Material;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Exports;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.row.Row;
import io.backdoorgrid.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.apache.hadoop.conf.Configuration;

/** Stored victims, and what defenses made of them, as files that others read. */
public final class VictimExport {

  /**
   * What is exported, and where.
   *
   * @param out URI or path of the store
   * @param hadoop settings of its file system
   * @param to folder of the files
   * @param repaired whether trials' networks are, instead of victims'
   * @param threads cores that operators may use
   */
  public record Options(
      String out,
      Configuration hadoop,
      String dataDirectory,
      String to,
      Container container,
      boolean repaired,
      int threads) {}

  private final Options options;
  private final Store store;
  private final Exports files;
  private final Consumer<String> listener;
  private final List<String> written = new ArrayList<>();

  private VictimExport(Options options, Store store, Consumer<String> listener) {
    this.options = options;
    this.store = store;
    this.files = Exports.at(options.to(), options.hadoop());
    this.listener = listener;
  }

  /**
   * Writes every victim of a plan that the store has, or what each finished trial made of it, named
   * by the id.
   *
   * @param listener is told in a line each what is not written, and of what differs from its row
   * @return the files
   * @throws io.backdoorgrid.data.BadDataException if a data set is not there: it tells how the
   *     networks normalize
   */
  public static List<String> write(Plan plan, Options options, Consumer<String> listener) {
    Store store = Store.openForReading(options.out(), options.hadoop());
    Path data = Path.of(options.dataDirectory()).toAbsolutePath();
    DataFolders.require(plan.victims().stream().map(Victim::dataset).distinct().toList(), data);
    Torch.prepareThread(options.threads());
    var environment =
        Environment.ofThisProcess(
            store.uri(), data.toString(), options.hadoop(), options.threads());
    var export = new VictimExport(options, store, listener);
    Map<Victim, List<Trial>> trials =
        plan.trials().stream()
            .collect(Collectors.groupingBy(Trial::victim, LinkedHashMap::new, Collectors.toList()));
    trials.forEach((victim, its) -> export.write(victim, its, environment));
    return export.written;
  }

  private void write(Victim victim, List<Trial> trials, Environment environment) {
    Material material = Material.of(victim, environment, Devices.current());
    try {
      Optional<TrainedVictim> found = TrainedVictim.find(victim, material, environment, store);
      if (found.isEmpty()) {
        listener.accept(
            "victim %s is not in %s: run the grid first".formatted(victim.id(), options.out()));
        return;
      }
      try (TrainedVictim trained = found.get()) {
        if (options.repaired()) {
          trials.forEach(trial -> write(trial, trained));
        } else {
          write(trained.classifier(), victim.id().toString(), notes(victim));
        }
      }
    } catch (DamagedException e) {
      listener.accept("victim %s is damaged: %s".formatted(victim.id(), e.getMessage()));
    }
  }

  private void write(Trial trial, TrainedVictim victim) {
    String what = "trial %s (%s)".formatted(trial.id(), trial.defense().name());
    Optional<Row> row = store.row(trial.id().toString());
    if (row.isEmpty()) {
      listener.accept(what + " is not in %s: run the grid first".formatted(options.out()));
      return;
    }
    Optional<RepairedNetwork> made = RepairedNetwork.of(trial, victim, store, line -> {});
    if (made.isEmpty()) {
      listener.accept(what + " has a head on features, and no network of the victim's kind");
      return;
    }
    try (RepairedNetwork repaired = made.get()) {
      if (!repaired.isAsIn(row.get())) {
        listener.accept(
            what + " does not come out as its row says: that is of another machine or version");
      }
      Map<String, String> notes = notes(trial.victim());
      notes.put("trial", trial.id().toString());
      notes.put("defense", trial.defense().label(trial.defense().parameters().keySet()));
      write(repaired.network(), trial.id().toString(), notes);
    }
  }

  private static Map<String, String> notes(Victim victim) {
    Map<String, String> notes = new LinkedHashMap<>();
    notes.put("victim", victim.id().toString());
    notes.put("dataset", victim.dataset().name());
    notes.put("backdoorgrid", "%s (%s)".formatted(Version.number(), Version.commit()));
    return notes;
  }

  private void write(Classifier network, String name, Map<String, String> notes) {
    String end = options.container() == Container.SAFETENSORS ? ".safetensors" : ".pt";
    byte[] bytes =
        ExportedModel.bytes(
            network.weights(), network.design().normalization(), options.container(), notes);
    written.add(files.write(name + end, bytes));
  }
}
