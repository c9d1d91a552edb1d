package io.backdoorgrid.run.schedule;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.catalog.Algorithms;
import io.backdoorgrid.grid.Overrides;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.grid.read.GridReader;
import io.backdoorgrid.run.MeasuredRows;
import io.backdoorgrid.store.Failure;
import io.backdoorgrid.store.Failure.Kind;
import io.backdoorgrid.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One trial that is done, and one that failed in each way. */
class PlanStatusTest {

  @TempDir Path folder;

  @Test
  void triesAgainWhatTheMachineOrTheDataCaused() throws IOException {
    Path grid =
        Files.writeString(
            folder.resolve("grid.yaml"),
            "{victims: {dataset: shapes, model: resnet18, attack: badnets, seed: [0, 1, 2, 3, 4,"
                + " 5, 6]}, defenses: none}");
    Plan plan = GridReader.read(grid, new Algorithms(), Overrides.NONE);
    Store store = Store.open(folder.resolve("out").toString(), new Configuration());
    List<Trial> trials = plan.trials();
    store.commitRow(MeasuredRows.of(trials.get(6)));
    for (Kind kind : Kind.values()) {
      Trial trial = trials.get(kind.ordinal());
      store.commitFailure(
          new Failure(
              trial.id().toString(), trial.victim().id().toString(), kind, "so it is", "", 0, ""));
    }

    assertThat(PlanStatus.of(plan, store).failures()).hasSize(6);
    assertThat(PlanStatus.of(plan, store).pending()).isEmpty();
    assertThat(PlanStatus.toRun(plan, store, false).pending())
        .containsExactly(
            trials.get(Kind.BAD_DATA.ordinal()), trials.get(Kind.ENVIRONMENT.ordinal()));
    assertThat(PlanStatus.toRun(plan, store, false).failures()).hasSize(4);
    assertThat(PlanStatus.toRun(plan, store, true).pending()).isEqualTo(trials.subList(0, 6));
  }
}
