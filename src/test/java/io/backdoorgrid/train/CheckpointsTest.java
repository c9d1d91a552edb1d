package io.backdoorgrid.train;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.RandomStream;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.TorchThread;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A training that goes on with a checkpoint ends as if it had never stopped. */
@ExtendWith(TorchThread.class)
class CheckpointsTest {

  private static final LabeledImages IMAGES = ToyImages.tinted(new ImageShape(6, 6, 3), 45, 1);

  private static Map<String, float[]> train(
      Map<String, Object> settings,
      Precision precision,
      Checkpoints checkpoints,
      List<Integer> epochs) {
    var all = new LinkedHashMap<String, Object>(settings);
    all.put("epochs", 5);
    all.put("batch", 16);
    Recipe recipe = Recipes.REGISTRY.create(new Spec("sgd", 1, all));
    var design = Classifiers.design(new ResNet18(4), IMAGES.shape(), 3, precision);
    try (Classifier classifier = Classifiers.fresh(design, "a1")) {
      RandomStream random = new Seed("a1").stream("train");
      new Trainer(
              recipe,
              (epoch, of, loss) -> epochs.add(epoch),
              checkpoints,
              Map.of("random", Trainer.drawn(random)))
          .train(classifier, IMAGES, random);
      return Classifiers.values(classifier);
    }
  }

  /** The last, smaller batch of an epoch has 13 images; the schedule changes with every step. */
  @ParameterizedTest
  @CsvSource({
    "FLOAT32,  0.9, true,  0",
    "BFLOAT16, 0.9, false, 0.5",
    "FLOAT32,  0,   false, 0.9",
  })
  void bitByBit(Precision precision, double momentum, boolean nesterov, double averaging) {
    Map<String, Object> settings =
        Map.of("momentum", momentum, "nesterov", nesterov, "averaging", averaging, "crop", 1);
    var undisturbed = new KeptCheckpoints(Optional.empty());
    Map<String, float[]> expected = train(settings, precision, undisturbed, new ArrayList<>());
    assertThat(undisturbed.states().keySet()).containsExactly(1, 2, 3, 4);
    for (int epochs : List.of(1, 4)) {
      SafeTensors state = SafeTensors.parse(undisturbed.states().get(epochs));
      var resumed = new KeptCheckpoints(Optional.of(new Checkpoints.Checkpoint(epochs, state)));
      var trained = new ArrayList<Integer>();
      Map<String, float[]> actual = train(settings, precision, resumed, trained);
      assertThat(trained).hasSize(5 - epochs).startsWith(epochs + 1);
      assertThat(actual.keySet()).isEqualTo(expected.keySet());
      actual.forEach((name, values) -> assertThat(values).as(name).isEqualTo(expected.get(name)));
      resumed
          .states()
          .forEach((epoch, bytes) -> assertThat(bytes).isEqualTo(undisturbed.states().get(epoch)));
    }
  }
}
