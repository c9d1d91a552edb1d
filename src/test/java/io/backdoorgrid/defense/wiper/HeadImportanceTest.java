package io.backdoorgrid.defense.wiper;

import static org.assertj.core.api.Assertions.assertThat;

import ai.djl.ndarray.NDManager;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.defense.PlantedBackdoor;
import io.backdoorgrid.defense.holder.Observed;
import io.backdoorgrid.defense.wiper.HeadImportance.Measure;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.TorchThread;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.ExtendWith;

@ExtendWith(TorchThread.class)
class HeadImportanceTest {

  private final LabeledImages images =
      ToyImages.random(PlantedBackdoor.SHAPE, PlantedBackdoor.CLASSES, 150, 4);

  @Test
  void isTheNeuronImportanceOfTheHeadsInputs() {
    try (Classifier victim = PlantedBackdoor.victim().build();
        NDManager scope = victim.manager().newSubManager()) {
      PurifiedLayer layer = Observed.inputs(victim);
      Observation seen = Observation.of(scope, victim, images, List.of(layer), 128);
      Map<Measure, double[]> found = HeadImportance.of(victim, images);
      assertThat(found.get(Measure.BENIGN_SALIENCE))
          .hasSize(PlantedBackdoor.CHANNELS)
          .isEqualTo(new BenignSalience().of(layer, seen));
      assertThat(found.get(Measure.ACTIVATION_MAGNITUDE))
          .isEqualTo(new ActivationMagnitude(false).of(layer, seen));
      assertThat(found.get(Measure.GRADIENT_MAGNITUDE))
          .isEqualTo(new GradientMagnitude().of(layer, seen));
    }
  }
}
