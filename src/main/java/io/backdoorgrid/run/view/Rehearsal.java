package io.backdoorgrid.run.view;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.BackdoorAttack;
import io.backdoorgrid.attack.BatchAttack;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.ModelFreeAttack;
import io.backdoorgrid.attack.PoisoningAttack;
import io.backdoorgrid.attack.TrainingAttack;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.task.RunningNote;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Arrays;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Attacks that only have to show their trigger. What they know is some training images, and a clean
 * network that is trained on these as soon as one asks for it, once for all.
 */
final class Rehearsal implements Knowledge, AutoCloseable {

  /** As grids have by default. */
  private static final double POISON_RATE = 0.1;

  private final LabeledImages images;
  private final Classifier.Design design;
  private final SmallTraining training;
  private final Seed seed;
  private final Consumer<String> listener;
  private Classifier surrogate;

  /**
   * @param seed of everything random about the attacks
   * @param listener is told in a line each what takes its time
   */
  Rehearsal(DataSet.Images data, SmallTraining training, Seed seed, Consumer<String> listener) {
    LabeledImages all = data.train();
    int[] order = Seed.permutation(all.size(), seed.stream("subset"));
    this.images = all.select(Arrays.copyOf(order, Math.min(training.images(), order.length)));
    this.design =
        new Classifier.Design(
            Models.REGISTRY.create(training.model()),
            images.shape(),
            images.classes(),
            data.normalization(),
            Precision.of("auto", Devices.current()),
            Devices.current());
    this.training = training;
    this.seed = seed;
    this.listener = listener;
  }

  /**
   * The trigger of an attack.
   *
   * @param name of the attack, for the listener
   * @throws IllegalArgumentException if it cannot be had on these images
   * @throws io.backdoorgrid.train.DivergedException if a training has led nowhere
   */
  Trigger trigger(BackdoorAttack attack, String name) {
    RandomGenerator random = seed.stream("trigger");
    if (attack instanceof ModelFreeAttack modelFree) {
      return modelFree.trigger(images.shape(), random);
    }
    if (attack instanceof BatchAttack batches) {
      return batches.trigger(images.shape(), random);
    }
    listener.accept("preparing " + name);
    Torch.prepareThread(training.threads());
    if (attack instanceof PoisoningAttack poisoning) {
      return poisoning.trigger(this, random);
    }
    if (attack instanceof TrainingAttack owner) {
      return learned(owner, RunningNote.progress(name, listener));
    }
    throw new IllegalStateException("no way to show " + attack);
  }

  private Trigger learned(TrainingAttack attack, TrainingListener listener) {
    try (Classifier victim = Classifier.create(design, seed.stream("weights"))) {
      return attack.train(
          victim, this, POISON_RATE, training.recipe(), seed.stream("training"), listener);
    }
  }

  @Override
  public LabeledImages images() {
    return images;
  }

  @Override
  public Device device() {
    return design.device();
  }

  @Override
  public Classifier surrogate() {
    if (surrogate == null) {
      surrogate = Classifier.create(design, seed.stream("surrogate weights"));
      new Trainer(training.recipe(), RunningNote.progress("a clean network", listener))
          .train(surrogate, images, seed.stream("surrogate training"));
    }
    return surrogate.copy();
  }

  @Override
  public void close() {
    if (surrogate != null) {
      surrogate.close();
    }
  }
}
