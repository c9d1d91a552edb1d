package io.backdoorgrid.run.schedule;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.Grids;
import io.backdoorgrid.store.Store;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CostModelTest {

  @TempDir Path folder;

  private Plan plan;

  @BeforeEach
  void readPlan() {
    plan =
        Grids.plan(
            folder,
            """
            victims: {dataset: cifar10, model: resnet18, attack: [badnets, wanet], seed: [0, 1]}
            defenses: [none, clp, ft]
            """);
  }

  private Trial trial(String attack, long seed, String defense) {
    return plan.trials().stream()
        .filter(t -> t.victim().attack().name().equals(attack) && t.victim().seed() == seed)
        .filter(t -> t.defense().name().equals(defense))
        .findFirst()
        .orElseThrow();
  }

  @Test
  void learnsTheSpeedOfEachKindOfWork() {
    CostModel costs = CostModel.of(plan.trials(), Map.of());
    assertThat(costs.learned()).isFalse();
    double clp = costs.seconds(trial("badnets", 0, "clp"));
    double training = costs.seconds(trial("wanet", 0, "none").victim());

    costs.learn(trial("badnets", 0, "clp"), Grids.row(trial("badnets", 0, "clp"), 100, 7));
    assertThat(costs.learned()).isTrue();
    assertThat(costs.seconds(trial("wanet", 1, "clp")))
        .as("the same defense on another victim")
        .isCloseTo(7, within(1e-9));
    assertThat(clp).isNotEqualTo(7);
    assertThat(costs.seconds(trial("badnets", 1, "none").victim()))
        .as("training, and classifying the test images, which is not in the row")
        .isBetween(100.0, 101.0);
    assertThat(costs.seconds(trial("wanet", 0, "none").victim()))
        .as("no row of that attack: by the speed of all work")
        .isNotEqualTo(training);
  }

  /** As `plan` and a run that goes on do, which read some columns alone. */
  @Test
  void learnsAsMuchFromTheStore() {
    Store store = Store.open(folder.resolve("out").toString(), new Configuration());
    store.commitRow(Grids.row(trial("badnets", 0, "clp"), 100, 7));
    CostModel costs = CostModel.of(plan.trials(), PlanStatus.of(plan, store).rows());
    assertThat(costs.seconds(trial("wanet", 1, "clp"))).isCloseTo(7, within(1e-9));
    assertThat(costs.seconds(trial("badnets", 1, "none").victim())).isBetween(100.0, 101.0);
  }

  @Test
  void countsTheTrainingOfAVictimOnce() {
    var once = CostModel.of(plan.trials(), Map.of());
    var often = CostModel.of(plan.trials(), Map.of());
    Trial first = trial("badnets", 0, "none");
    Trial other = trial("badnets", 1, "none");
    once.learn(first, Grids.row(first, 100, 0));
    once.learn(other, Grids.row(other, 200, 0));
    List.of(first, trial("badnets", 0, "none"), trial("badnets", 0, "none"))
        .forEach(t -> often.learn(t, Grids.row(t, 100, 0)));
    often.learn(other, Grids.row(other, 200, 0));
    assertThat(often.seconds(first.victim())).isEqualTo(once.seconds(first.victim()));
  }
}
