package io.backdoorgrid.run.view;

import io.backdoorgrid.analysis.Analysis;
import io.backdoorgrid.analysis.AnalysisSettings;
import io.backdoorgrid.analysis.Pairs;
import io.backdoorgrid.analysis.Subject;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Victim;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.run.victim.DataFolders;
import io.backdoorgrid.run.victim.Material;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.DamagedException;
import io.backdoorgrid.store.Exports;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.torch.Torch;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.hadoop.conf.Configuration;

/** Analyses stored victims; trains none. */
public final class Analyses {

  private static final String FOLDER = "analysis";

  /**
   * What is analyzed, and where.
   *
   * @param out URI or path of the store
   * @param hadoop settings of its file system
   * @param to folder of the files, on any file system; empty for {@code analysis} in the store
   * @param dataDirectory folder of the data sets
   * @param threads cores that operators may use
   */
  public record Options(
      String out,
      Configuration hadoop,
      Optional<String> to,
      String dataDirectory,
      int threads,
      Set<Analysis> what,
      AnalysisSettings settings) {}

  /** Is told how far it is. */
  public interface Listener {

    /** An analysis of a victim begins. */
    void begins(Victim victim, Analysis analysis);

    /** The store does not have that victim, or something of it, as it was committed: left out. */
    void missing(Victim victim, String reason);
  }

  private Analyses() {}

  /**
   * Analyses every victim of a plan that the store has. The files are written anew after each
   * victim: an analysis that is killed leaves those of the victims before.
   *
   * @return the files that were written
   * @throws BadDataException if a data set is not there, or not that of the victims
   * @throws io.backdoorgrid.store.StoreException if there is no way to read victims or write files
   */
  public static List<String> run(Plan plan, Options options, Listener listener) {
    Store store = Store.openForReading(options.out(), options.hadoop());
    Path data = Path.of(options.dataDirectory()).toAbsolutePath();
    DataFolders.require(plan.victims().stream().map(Victim::dataset).distinct().toList(), data);
    var environment =
        Environment.ofThisProcess(
            store.uri(), data.toString(), options.hadoop(), options.threads());
    Torch.prepareThread(options.threads());

    String to = options.to().orElse(store.uri() + "/" + FOLDER);
    var files = new SheetFiles(Exports.at(to, options.hadoop()));
    List<String> written = List.of();
    for (Victim victim : plan.victims()) {
      Material material = Material.of(victim, environment, Devices.current());
      Optional<TrainedVictim> found = find(victim, material, environment, store, options, listener);
      if (found.isPresent()) {
        try (TrainedVictim trained = found.get();
            var heads = new StoredHeads(trained, environment, store)) {
          if (options.what().contains(Analysis.HEADS)) {
            heads.find(plan, reason -> listener.missing(victim, reason));
          }
          analyse(victim, subject(trained, heads), options, listener, files);
        }
        written = files.write();
      }
    }
    return written;
  }

  private static void analyse(
      Victim victim, Subject subject, Options options, Listener listener, SheetFiles files) {
    for (Analysis analysis : options.what()) {
      listener.begins(victim, analysis);
      analysis.of(subject, options.settings()).forEach(sheet -> files.add(victim, sheet));
    }
  }

  private static Optional<TrainedVictim> find(
      Victim victim,
      Material material,
      Environment environment,
      Store store,
      Options options,
      Listener listener) {
    try {
      Optional<TrainedVictim> found = TrainedVictim.find(victim, material, environment, store);
      if (found.isEmpty()) {
        listener.missing(victim, "is not in %s: run the grid first".formatted(options.out()));
      }
      return found;
    } catch (DamagedException e) {
      listener.missing(victim, "is damaged: " + e.getMessage());
      return Optional.empty();
    }
  }

  private static Subject subject(TrainedVictim victim, StoredHeads heads) {
    LabeledImages test = victim.evaluator().test();
    return new Subject(
        victim.classifier(),
        test,
        victim.evaluator().triggered().map(triggered -> pairs(test, triggered)),
        heads.byName());
  }

  private static Pairs pairs(LabeledImages test, Backdoor.Triggered triggered) {
    return new Pairs(test.select(triggered.positions()), triggered.images(), triggered.wanted());
  }
}
