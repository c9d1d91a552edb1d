package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Map;

/**
 * Fine-tuning (FT): all layers are trained on with the clean images, batch-norm statistics
 * included, in the hope that the network forgets the trigger.
 *
 * <p>The baseline of every paper. The defaults are the CLP paper's (rate 0.005, 20 epochs, batches
 * of 128); WIPER uses a rate of 0.1 and a weight decay of 1e-4 and prints no number of epochs;
 * BackdoorBench has batches of 256 and a rate of 0.01 that declines over 100 epochs. Results depend
 * strongly on the rate: a high one erases accuracy with the backdoor, a low one keeps both.
 *
 * @param sgd how it steps
 * @param schedule {@code constant} or {@code cosine}
 * @param augmentation how the clean images are varied
 */
@Algorithm("ft")
public record FineTuning(PlainSgd sgd, RateSchedule schedule, Augmentation augmentation)
    implements CleanDataDefense {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "backdoorbench",
              Map.of("epochs", 100, "batch", 256, "learning-rate", 0.01, "schedule", "cosine"),
          "clp", Map.of(),
          "wiper", Map.of("learning-rate", 0.1, "weight-decay", 1e-4));

  public FineTuning {
    require(
        schedule == RateSchedule.CONSTANT || schedule == RateSchedule.COSINE,
        "schedule must be constant or cosine for fine-tuning");
  }

  /** The CLP paper's setting. */
  public FineTuning() {
    this(
        new PlainSgd(20, 128, 0.005, 0.9, 5e-4),
        RateSchedule.CONSTANT,
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sgd.epochs() * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    new Trainer(sgd.recipe(schedule, augmentation), TrainingListener.NONE)
        .train(victim, data.images(), data.random("defense"));
  }
}
