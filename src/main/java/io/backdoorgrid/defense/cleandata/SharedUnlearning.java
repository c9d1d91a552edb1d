package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.DataType;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.Batch;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;

/**
 * Shared Adversarial Unlearning (SAU; Wei et al., "Shared Adversarial Unlearning: Backdoor
 * Mitigation by Unlearning Shared Adversarial Examples", NeurIPS 2023): changes to single images
 * are sought that mislead the network and the backdoored one to the same class, as a trigger does;
 * the network learns to withstand them.
 *
 * <p>For each batch of clean images, changes of at most eps per pixel, eps at first, take signed
 * steps down {@code adversarial * L_adv + shared * L_share} (see {@link Ops#sharedLoss}), until all
 * images are misled to one class by both. Then one step of Adam goes down {@code CE(clean) +
 * changed * CE(changed) + avoiding * L_sar}, with L_sar that of {@link Ops#avoidance}. Changed
 * images are not clipped, batch-norms stay in evaluation mode, and nothing is augmented, as in the
 * authors' code. That code writes L_sar as the mean of two equal forms with different clamps; we
 * have one.
 *
 * @param rounds passes over the clean images, at least 1; 100 in the paper, 20 on Tiny ImageNet
 * @param batch images per step, at least 2
 * @param learningRate of Adam, positive
 * @param steps of the search, not negative
 * @param eps bound of a change on the scale 0 to 1, positive
 * @param stride of a step on that scale, positive
 * @param adversarial weight of L_adv, not negative
 * @param shared weight of L_share, not negative
 * @param changed weight of the cross entropy of changed images, not negative
 * @param avoiding weight of L_sar, not negative
 */
@Algorithm("sau")
public record SharedUnlearning(
    int rounds,
    int batch,
    double learningRate,
    int steps,
    double eps,
    double stride,
    double adversarial,
    double shared,
    double changed,
    double avoiding)
    implements CleanDataDefense {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of("sau", Map.of(), "tinyimagenet", Map.of("rounds", 20));

  public SharedUnlearning {
    require(steps >= 0, "steps must not be negative, got %d", steps);
    requirePositive("eps", eps);
    requirePositive("stride", stride);
    require(
        adversarial >= 0 && shared >= 0 && changed >= 0 && avoiding >= 0,
        "adversarial, shared, changed and avoiding must not be negative");
    loop(rounds, batch, learningRate); // checks them
  }

  /** The authors' setting. */
  public SharedUnlearning() {
    this(100, 256, 1e-4, 5, 0.2, 0.2, 0.01, 1, 0, 1);
  }

  private static PlainSgd loop(int rounds, int batch, double learningRate) {
    return new PlainSgd(rounds, batch, learningRate, 0, 0);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    // Forward passes count a third; backward passes to the images cost about one forward pass.
    return rounds * sizes.clean() * (steps * 4 / 3.0 + 2.5);
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    try (Classifier backdoored = victim.copy();
        NDManager owner = victim.manager().newSubManager()) {
      var adam = new Adam(owner, victim.trainable());
      new Trainer(
              loop(rounds, batch, learningRate).recipe(RateSchedule.CONSTANT, Augmentation.NONE),
              data.progress("unlearning"))
          .train(
              victim,
              new AugmentedBatches(data.images(), Augmentation.NONE),
              data.random("defense"),
              (scope, bytes) -> pixels(scope, victim.design().shape(), bytes),
              images -> step(victim, backdoored, adam, images));
    }
  }

  private static NDArray pixels(NDManager scope, ImageShape shape, ByteBuffer bytes) {
    int count = bytes.remaining() / shape.size();
    var size = new Shape(count, shape.height(), shape.width(), shape.channels());
    return scope.create(bytes, size, DataType.UINT8).toType(DataType.FLOAT32, false);
  }

  private float step(Classifier network, Classifier backdoored, Adam adam, Batch batch) {
    NDArray change = search(network, backdoored, batch);
    NDArray pixels = batch.input();
    NDArray misleading = pixels.add(change);
    NDArray others = logits(backdoored, misleading);
    NDArray loss =
        Torch.recording(
            () -> {
              NDArray answers = logits(network, misleading);
              NDArray sum = Ops.crossEntropy(logits(network, pixels), batch.labels(), 0);
              if (changed > 0) {
                NDArray entropy = Ops.crossEntropy(answers, batch.labels(), 0);
                sum = Ops.add(sum, Ops.scaled(entropy, changed));
              }
              return Ops.add(
                  sum, Ops.scaled(Ops.avoidance(answers, others, batch.labels()), avoiding));
            });
    adam.step(loss, batch.learningRate());
    return loss.getFloat();
  }

  private static NDArray logits(Classifier network, NDArray pixels) {
    return network.logits(network.input(pixels), false);
  }

  /** Changes on the scale 0 to 255. */
  private NDArray search(Classifier network, Classifier backdoored, Batch batch) {
    NDManager scope = batch.scope();
    NDArray labels = batch.labels();
    NDArray change = scope.full(batch.input().getShape(), (float) (255 * eps));
    for (int i = 0; i < steps; i++) {
      NDArray now = change.duplicate();
      now.setRequiresGradient(true);
      NDArray[] answers = new NDArray[2];
      NDArray loss =
          Torch.recording(
              () -> {
                NDArray misleading = Ops.add(batch.input(), now);
                answers[0] = logits(network, misleading);
                answers[1] = logits(backdoored, misleading);
                return Ops.sharedLoss(answers[0], answers[1], labels, adversarial, shared);
              });
      if (Ops.sharedCount(answers[0], answers[1], labels).getFloat() == batch.images()) {
        break;
      }
      NDArray slopes = Ops.gradients(loss, List.of(now)).get(0);
      change = change.sub(slopes.sign().mul(255 * stride)).clip(-255 * eps, 255 * eps);
    }
    return change;
  }
}
