package io.backdoorgrid.attack.training;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.attack.Goal;
import io.backdoorgrid.attack.Trigger;
import io.backdoorgrid.attack.trigger.Overlay;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.Mark;
import io.backdoorgrid.perturb.Stencil;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.torch.Stateful;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.Arrays;
import java.util.Map;
import java.util.random.RandomGenerator;

/**
 * The half of {@link Imc} that optimizes the mark: Adam on the cross entropy between the
 * predictions of a frozen network for images with the mark, in evaluation mode, and the attacker's
 * labels.
 */
final class MarkLearning implements Stateful {

  private final Classifier network;
  private final LabeledImages images;
  private final Goal goal;
  private final Stencil stencil;
  private final double passes;
  private final Recipe recipe;
  private final RandomGenerator random;
  private float[] values;

  /**
   * Begins with noise.
   *
   * @param passes over the images each time, not negative
   * @param recipe how they are put into batches; its epochs are the passes, rounded up
   */
  MarkLearning(
      Classifier network,
      LabeledImages images,
      Goal goal,
      Stencil stencil,
      double passes,
      Recipe recipe,
      RandomGenerator random) {
    this.network = network;
    this.images = images;
    this.goal = goal;
    this.stencil = stencil;
    this.passes = passes;
    this.recipe = recipe;
    this.random = random;
    this.values = Mark.noise(stencil.shape(), random);
  }

  @Override
  public Map<String, Tensor> state() {
    return Map.of("values", new Tensor(new long[] {values.length}, values.clone()));
  }

  @Override
  public void restore(Map<String, Tensor> state) {
    values = state.get("values").values().clone();
  }

  /** The mark as it is. */
  Trigger trigger() {
    return Overlay.showing(stencil, values);
  }

  /** The mark after it has learned from the network as it now is. */
  Trigger learn() {
    if (passes > 0) {
      try (NDManager manager = network.manager().newSubManager()) {
        var mark = new Mark(manager, stencil, values);
        Adam adam = mark.adam(manager);
        new Trainer(recipe, TrainingListener.NONE)
            .train(network, drawn(), random, batch -> step(mark, adam, batch));
        values = mark.values();
      }
    }
    return trigger();
  }

  private float step(Mark mark, Adam adam, Batch batch) {
    long[] wanted =
        Arrays.stream(batch.labels().toLongArray())
            .map(label -> goal.labelFor((int) label, images.classes()))
            .toArray();
    NDArray goals = batch.scope().create(wanted);
    NDArray loss =
        Torch.recording(
            () -> {
              NDArray marked = mark.put(network, batch.input());
              return Ops.crossEntropy(network.logits(marked, false), goals, 0);
            });
    adam.step(loss, batch.learningRate());
    return loss.getFloat();
  }

  /** As many images as make the passes right when each epoch goes through all of them. */
  private LabeledImages drawn() {
    int count = (int) Math.round(passes / recipe.epochs() * images.size());
    int[] order = Seed.permutation(images.size(), random);
    return images.select(Arrays.copyOf(order, Math.max(2, count)));
  }
}
