package io.backdoorgrid.run.view;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Attack;
import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.attack.Knowledge;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.VictimTraining;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.set.DataSet;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Models;
import io.backdoorgrid.run.host.Devices;
import io.backdoorgrid.run.task.RunningNote;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Checkpoints;
import io.backdoorgrid.train.Trainer;
import java.util.Arrays;
import java.util.Optional;
import java.util.function.Consumer;

/**
 * Attacks that only have to show their trigger. They know some training images and a clean network,
 * which is trained on these when it is first needed, once for all attacks.
 */
final class Rehearsal implements AutoCloseable {

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
   * The trigger of an attack, if it has one.
   *
   * @param name of the attack, for the listener
   * @throws IllegalArgumentException if it cannot be had on these images
   * @throws io.backdoorgrid.train.DivergedException if a training has led nowhere
   */
  Optional<Trigger> trigger(Attack attack, String name) {
    var performance = new Performance(name);
    var victimTraining =
        new VictimTraining(
            performance,
            POISON_RATE,
            training.recipe(),
            seed,
            RunningNote.progress(name, listener),
            Checkpoints.NONE);
    return attack.rehearse(victimTraining, performance::victim).map(Backdoor::trigger);
  }

  /** What one attack knows; whoever waits is told as soon as it wants more than images. */
  private final class Performance implements Knowledge {

    private final String name;
    private boolean announced;

    Performance(String name) {
      this.name = name;
    }

    private void announce() {
      if (!announced) {
        announced = true;
        listener.accept("preparing " + name);
        Torch.prepareThread(training.threads());
      }
    }

    Classifier victim() {
      announce();
      return Classifier.create(design, seed.stream("weights"));
    }

    @Override
    public LabeledImages images() {
      return images;
    }

    @Override
    public Device device() {
      announce();
      return design.device();
    }

    @Override
    public Classifier surrogate() {
      announce();
      return cleanNetwork().copy();
    }
  }

  private Classifier cleanNetwork() {
    if (surrogate == null) {
      surrogate = Classifier.create(design, seed.stream("surrogate weights"));
      new Trainer(training.recipe(), RunningNote.progress("a clean network", listener))
          .train(surrogate, images, seed.stream("surrogate training"));
    }
    return surrogate;
  }

  @Override
  public void close() {
    if (surrogate != null) {
      surrogate.close();
    }
  }
}
