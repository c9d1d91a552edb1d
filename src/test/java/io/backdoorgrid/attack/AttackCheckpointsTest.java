package io.backdoorgrid.attack;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.TorchThread;
import io.backdoorgrid.train.Checkpoints.Checkpoint;
import io.backdoorgrid.train.KeptCheckpoints;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.TrainingListener;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of training ends with the same bits, wherever it was interrupted. */
@ExtendWith(TorchThread.class)
class AttackCheckpointsTest {

  private static final ImageShape SHAPE = new ImageShape(8, 8, 3);
  private static final Recipe RECIPE =
      new Recipe(4, 16, 0.02, 0.9, 5e-4, RateSchedule.COSINE, 1, Flip.RANDOM);

  static Stream<Arguments> attacks() {
    return Stream.of(
        Arguments.of("badnets", Map.of(), 3),
        Arguments.of("wanet", Map.of(), 3),
        // Three epochs of masks, then four of both; none is kept behind the last of either.
        Arguments.of("input-aware", Map.of("width", 4, "mask-epochs", 3), 5),
        Arguments.of("imc", Map.of("epochs", 4, "remask", 0.5), 3),
        Arguments.of("logit-anchoring", Map.of("epochs", 4), 3));
  }

  @ParameterizedTest
  @MethodSource("attacks")
  void goesOnBehindAnyEpoch(String name, Map<String, Object> settings, int checkpoints) {
    var attack = (BackdoorAttack) Attacks.REGISTRY.create(new Spec(name, 1, settings));
    try (Known known = Known.tinted(SHAPE, 60)) {
      var undisturbed = new KeptCheckpoints(Optional.empty());
      Map<String, float[]> expected = trained(attack, known, undisturbed);
      assertThat(undisturbed.states()).hasSize(checkpoints);
      undisturbed
          .states()
          .forEach(
              (epochs, state) -> {
                var latest = Optional.of(new Checkpoint(epochs, SafeTensors.parse(state)));
                Map<String, float[]> actual = trained(attack, known, new KeptCheckpoints(latest));
                assertThat(actual.keySet()).isEqualTo(expected.keySet());
                actual.forEach(
                    (tensor, values) ->
                        assertThat(values)
                            .as("%s of the one that went on behind epoch %d", tensor, epochs)
                            .isEqualTo(expected.get(tensor)));
              });
    }
  }

  /** The weights of a victim, and what its trigger is made of. */
  private static Map<String, float[]> trained(
      BackdoorAttack attack, Known known, KeptCheckpoints checkpoints) {
    var training =
        new VictimTraining(known, 0.1, RECIPE, new Seed("a1"), TrainingListener.NONE, checkpoints);
    try (Classifier victim = Classifiers.fresh(known.network().design(), "a2")) {
      Backdoor backdoor = attack.plant(victim, training).orElseThrow();
      Map<String, float[]> values = Classifiers.values(victim);
      backdoor
          .trigger()
          .toTensors()
          .tensors()
          .forEach((name, tensor) -> values.put("trigger." + name, tensor.values()));
      return values;
    }
  }
}
