package io.backdoorgrid.run.task;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.backdoorgrid.defense.holder.HeadTraining;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.run.host.Environment;
import io.backdoorgrid.store.Digest;
import io.backdoorgrid.store.ObjectKind;
import io.backdoorgrid.store.Store;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.store.StoredObject;
import io.backdoorgrid.store.row.Row;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.apache.commons.io.FileUtils;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.util.SerializableConfiguration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What defenses are granted in a task, and what becomes of what they learn. */
class TrialsTaskTest {

  private static final String GRID =
      """
      victims:
        dataset: {shapes: {train-images: 200, test-images: 100}}
        model: {resnet18: {width: 4}}
        attack: badnets
        held-out: 0.1
        train: {epochs: 1, batch: 50}
      defenses: %s
      clean-ratio: 0.1
      """;

  /** All tests share its victim. */
  @TempDir static Path folder;

  @BeforeEach
  void register() throws IOException {
    ToySweep.register();
    ToyRepair.register();
    ToyScratch.register();
    delete("rows", "phases", "findings", "extractors");
  }

  private static void delete(String... kinds) throws IOException {
    for (String kind : kinds) {
      FileUtils.deleteDirectory(folder.resolve("out").resolve(kind).toFile());
    }
  }

  private Store store() {
    return Store.open(folder.resolve("out").toString(), new Configuration());
  }

  private List<Trial> trials(String defenses) {
    return Grids.plan(folder, GRID.formatted(defenses)).trials();
  }

  private List<Row> run(List<Trial> trials) {
    Store store = store();
    var environment =
        new Environment(
            store.uri(),
            folder.toString(),
            new SerializableConfiguration(new Configuration()),
            1,
            false,
            60,
            "test",
            "test");
    var task = new TrialsTask(environment, trials.get(0).victim(), trials, List.of(), true, 0);
    return task.run().stream().map(outcome -> ((Outcome.Finished) outcome).row()).toList();
  }

  private StoredObject findings(Row row) {
    return store().object(ObjectKind.FINDINGS, row.text(Row.FINDINGS)).orElseThrow();
  }

  private static String text(StoredObject findings, String sheet) {
    return new String(findings.read(sheet), StandardCharsets.UTF_8);
  }

  private StoredObject onlyPhase() {
    assertThat(store().objects(ObjectKind.PHASE)).hasSize(1);
    String id = store().objects(ObjectKind.PHASE).iterator().next();
    return store().object(ObjectKind.PHASE, id).orElseThrow();
  }

  @Test
  void aSweepDoesItsSharedWorkOnceAndEachTrialCountsIt() {
    List<Row> rows = run(trials("{toy-sweep: {limit: [0.2, 0.5, 0.8]}}"));
    assertThat(ToySweep.SCORED).hasValue(1);
    double shared = ((Number) onlyPhase().description().get(Row.SECONDS)).doubleValue();
    assertThat(shared).isPositive();
    assertThat(rows).hasSize(3).allMatch(row -> row.number(Row.SECONDS).orElseThrow() >= shared);
  }

  @Test
  void aKilledTrialFindsItsSharedWorkDone() throws IOException {
    List<Trial> trials = trials("{toy-sweep: {limit: 0.5}}");
    ToySweep.KILLS.set(1);
    assertThatThrownBy(() -> run(trials)).isInstanceOf(StoreException.class).hasMessage("killed");
    assertThat(store().rows().byTrial()).isEmpty();
    double lost = ((Number) onlyPhase().description().get(Row.SECONDS)).doubleValue();

    Row resumed = run(trials).get(0);
    assertThat(ToySweep.SCORED).as("done by the first of two attempts").hasValue(1);
    assertThat(resumed.number(Row.SECONDS).orElseThrow()).isGreaterThanOrEqualTo(lost);

    delete("rows", "phases");
    Row undisturbed = run(trials).get(0);
    assertThat(resumed.text(Row.FINDINGS)).isEqualTo(undisturbed.text(Row.FINDINGS));
    assertThat(resumed.text("acc")).isEqualTo(undisturbed.text("acc"));
  }

  @Test
  void whatADefenseFindsLiesBesideItsRowWhichHasTheShortNumbers() {
    Row row = run(trials("{toy-sweep: {limit: 2}}")).get(0);
    assertThat(row.text("findings.backdoored")).isEqualTo("true");
    assertThat(row.text("findings.suspected-classes")).isEqualTo("1");
    assertThat(row.number("findings.draw")).isPresent();

    StoredObject found = findings(row);
    assertThat(found.description())
        .containsEntry(Row.TRIAL, row.id())
        .containsEntry("backdoored", true)
        .containsEntry("suspected-classes", "1");
    assertThat(text(found, "classes.csv"))
        .isEqualTo("class,score,suspected\n0,1.5,false\n1,2.5,true\n");
    assertThat(text(found, "curves.csv")).matches("curve,at,value\nvalidation-acc,2\\.0,[0-9.]+\n");
    assertThat(text(found, "channels.csv").lines())
        .as("all 32 features of a network of width 4 score below 2")
        .hasSize(33)
        .startsWith("layer,channel,score,limit")
        .element(32)
        .asString()
        .matches("linear,31,0\\.\\d+,2\\.0");
    assertThat(store().verify().sound()).containsEntry("findings", 1);
  }

  /** The row names its findings by their content: those of another attempt cannot pass for them. */
  @Test
  void aRowKeepsToItsOwnFindingsWhateverAKilledAttemptFound() throws IOException {
    List<Trial> trials = trials("{toy-sweep: {limit: 0.5}}");
    Row lost = run(trials).get(0);
    delete("rows");
    ToySweep.MACHINE.set(7);
    Row row = run(trials).get(0);
    assertThat(row.text(Row.FINDINGS)).isNotEqualTo(lost.text(Row.FINDINGS));
    assertThat(row.text("findings.machine")).isEqualTo("7");
    assertThat(findings(row).description()).containsEntry("machine", 7);
    assertThat(store().verify().damaged()).isEmpty();
  }

  @Test
  void rowsOfDefensesThatFindNothingHaveNoSuchColumn() {
    Row row = run(trials("{ft: {epochs: 1, batch: 10}}")).get(0);
    assertThat(row.columns().keySet()).noneMatch(column -> column.startsWith(Row.FINDINGS));
    assertThat(store().objects(ObjectKind.FINDINGS)).isEmpty();
  }

  @Test
  void randomNumbersDependOnTheTrialAloneNotOnItsNeighbours() throws IOException {
    List<Trial> trials = trials("{toy-sweep: {limit: [0.2, 0.5]}}");
    List<Row> both = run(trials);
    delete("rows");
    Row alone = run(trials.subList(1, 2)).get(0);
    assertThat(alone.text("findings.draw")).isEqualTo(both.get(1).text("findings.draw"));
    assertThat(both.get(0).text("findings.draw")).isNotEqualTo(alone.text("findings.draw"));
  }

  @Test
  void aDefenseMayRepairTheVictimWithItsPoisonedTrainingSet() {
    Row row = run(trials("toy-repair")).get(0);
    assertThat(row.text("acc")).isEqualTo(row.text("victim-acc"));
    assertThat(row.number("iteration-1.trusted").orElseThrow()).isBetween(0.0, 180.0);
    assertThat(row.number("iteration-1.acc").orElseThrow())
        .isEqualTo(row.number("acc").orElseThrow());
  }

  @Test
  void aDefenseThatTrainsFromScratchPaysForNoExtractor() {
    Row row = run(trials("toy-scratch")).get(0);
    assertThat(row.text("findings.images")).isEqualTo("180");
    assertThat(row.columns()).doesNotContainKeys(Row.EXTRACTOR, Row.EXTRACTOR_SECONDS);
    assertThat(store().objects(ObjectKind.EXTRACTOR)).isEmpty();
    assertThat(onlyPhase().description()).containsEntry("what", "weights");
  }

  /** By the name that it always had: stores of earlier versions stay valid. */
  @Test
  void finishedWorkOfFeatureDefensesIsFoundUnderItsName() {
    List<Trial> trials =
        trials(
            "{hp: {hidden: 8, epochs: 1, neurons: 2}}\nextractor: {simclr: {epochs: 1, batch: 50}}");
    Row row = run(trials).get(0);
    assertThat(row.number(Row.EXTRACTOR_SECONDS)).isPresent();
    Trial trial = trials.get(0);
    String what = new HeadTraining(8, 1, 256, 0.001).toString();
    String id = Digest.brief("%s %s 1 %s".formatted(trial.victim().id(), trial.extractor(), what));
    assertThat(store().object(ObjectKind.PHASE, id).orElseThrow().description())
        .containsAllEntriesOf(Map.of("what", what, Row.VICTIM, trial.victim().id().toString()));
  }

  /** These names also seed the work's random numbers. */
  @Test
  void namesOfFinishedWorkAndOfColumnsDoNotDependOnTheLocale() throws IOException {
    List<Trial> trials =
        trials(
            """
            [toy-repair, {toy-sweep: {limit: 0.5}},
              {hid: {hidden: 8, epochs: 1, pruned: [2], mix-epochs: 1, mix-batch: 50}}]
            extractor: {simclr: {epochs: 1, batch: 50}}""");
    List<Set<String>> columns = columns(run(trials));
    Set<String> work = store().objects(ObjectKind.PHASE);
    delete("rows", "phases", "findings");

    Locale before = Locale.getDefault();
    Locale.setDefault(Locale.forLanguageTag("ar-EG-u-nu-arab"));
    try {
      assertThat("%d".formatted(7)).isEqualTo("\u0667");
      assertThat(columns(run(trials))).isEqualTo(columns);
    } finally {
      Locale.setDefault(before);
    }
    assertThat(work).as("scores, HID's head and its features, two observations").hasSize(5);
    assertThat(store().objects(ObjectKind.PHASE)).isEqualTo(work);
  }

  private static List<Set<String>> columns(List<Row> rows) {
    return rows.stream().map(row -> row.columns().keySet()).toList();
  }
}
