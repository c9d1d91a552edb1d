package io.backdoorgrid.extractor;

import static io.backdoorgrid.algorithm.Checks.require;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.ContrastiveAugmentation;
import io.backdoorgrid.data.batch.ContrastiveViews;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.head.ProjectionHead;
import io.backdoorgrid.torch.Sgd;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.NtXent;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.ArrayList;
import java.util.random.RandomGenerator;

/**
 * SimCLR (Chen et al., "A Simple Framework for Contrastive Learning of Visual Representations",
 * ICML 2020): the network and a projection head learn that two views of an image belong together,
 * by {@link NtXent}; the head is then dropped.
 *
 * <p>The paper on Hölder Pruning (section A.13) prints 100 epochs of SGD with rate 0.4, momentum
 * 0.9 and weight decay 1e-4. These numbers are DBD's (Huang et al., ICLR 2022), so what it does not
 * print is taken from there: batches of 512, temperature 0.5, a cosine schedule, the augmentations,
 * and the projection head. The rate belongs to the batch size: smaller batches need a
 * proportionally smaller rate.
 *
 * @param sgd how it steps; in each epoch every image gives two views
 * @param schedule {@code cosine}, {@code constant}, {@code one-cycle} or {@code triangular}
 * @param temperature of NT-Xent, positive
 * @param projection how many numbers the projection head gives, at least 1
 * @param augmentation how views are drawn
 */
@Algorithm("simclr")
public record SimClr(
    PlainSgd sgd,
    RateSchedule schedule,
    double temperature,
    int projection,
    ContrastiveAugmentation augmentation)
    implements SelfSupervised {

  public SimClr {
    require(
        schedule != RateSchedule.MULTI_STEP,
        "schedule must be cosine, constant, one-cycle or triangular for simclr");
    require(projection >= 1, "projection must be at least 1, got %d", projection);
    // NT-Xent checks its range.
    new NtXent(temperature);
  }

  /** As in the paper on Hölder Pruning, completed by DBD's settings. */
  public SimClr() {
    this(
        new PlainSgd(100, 512, 0.4, 0.9, 1e-4),
        RateSchedule.COSINE,
        0.5,
        128,
        new ContrastiveAugmentation());
  }

  @Override
  public double imagePasses(double images) {
    return 2.0 * sgd.epochs() * images;
  }

  @Override
  public void train(
      Classifier network, LabeledImages images, RandomGenerator random, TrainingListener listener) {
    var loss = new NtXent(temperature);
    try (NDManager manager = network.manager().newSubManager()) {
      var head = ProjectionHead.create(manager, network.dimension(), projection, random);
      var weights = new ArrayList<>(network.featureWeights());
      weights.addAll(head.trainable());
      var steps = new Sgd(manager, weights, sgd.momentum(), sgd.weightDecay(), false);
      new Trainer(sgd.recipe(schedule, Augmentation.NONE), listener)
          .train(
              network,
              new ContrastiveViews(images, augmentation),
              random,
              views -> {
                NDArray value =
                    Torch.recording(
                        () -> loss.loss(head.project(network.features(views.input(), true), true)));
                steps.step(value, views.learningRate());
                return value.getFloat();
              });
    }
  }
}
