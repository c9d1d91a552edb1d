package io.backdoorgrid.defense.cleandata;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.perturb.Pixels;
import io.backdoorgrid.torch.Adam;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import io.backdoorgrid.train.DivergedException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.UnaryOperator;
import java.util.random.RandomGenerator;

/**
 * Implicit Backdoor Adversarial Unlearning (I-BAU; Zeng et al., "Adversarial Unlearning of
 * Backdoors via Implicit Hypergradient", ICLR 2022): in turn, one change to all images is sought
 * that misleads the network, and the network is trained to withstand it.
 *
 * <p>Each round begins with no change, delta = 0, and takes a pass of gradient steps down {@code
 * -CE(f(x + delta), f's own answers) + penalty * |delta|^2}. Then every batch moves the weights by
 * Adam, down the cross entropy with delta on a few of its images. The gradient follows how the best
 * delta itself would move with the weights: with h the inner loss on the first batch and g its
 * gradient by delta, {@code v <- v - s H v + d(outer)/d(delta)} is iterated K times from 0, H being
 * the second derivative of h, and {@code s * d(g^T v)/d(weights)} is subtracted. Both products come
 * from differentiating twice; no matrix is formed. Batch-norms stay in evaluation mode.
 *
 * <p>The change is unbounded, as in the authors' code, where the projection to {@code |delta| <=
 * 10} is commented out; images are on the scale 0 to 1 and not clipped. That code puts the change
 * on {@code int(1 % of a batch)} images, none for fewer than 100; we put it on at least one.
 * Everything is computed in float32.
 *
 * @param rounds at least 1
 * @param searchRate of the steps of delta, positive
 * @param penalty on its squared norm, not negative
 * @param contraction s, positive
 * @param products K, not negative; 0 takes delta for a constant
 * @param patched share of a batch's images that have delta on, 0 to 1; at least one has
 * @param batch images per step, at least 1
 * @param learningRate of the weights, positive
 */
@Algorithm("ibau")
public record AdversarialUnlearning(
    int rounds,
    double searchRate,
    double penalty,
    double contraction,
    int products,
    double patched,
    int batch,
    double learningRate)
    implements CleanDataDefense {

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of("backdoorbench", Map.of("learning-rate", 1e-4, "batch", 256), "ibau", Map.of());

  public AdversarialUnlearning {
    require(rounds >= 1, "rounds must be at least 1, got %d", rounds);
    requirePositive("search-rate", searchRate);
    require(penalty >= 0, "penalty must not be negative, got %s", penalty);
    requirePositive("contraction", contraction);
    require(products >= 0, "products must not be negative, got %d", products);
    requireShare("patched", patched);
    require(batch >= 1, "batch must be at least 1, got %d", batch);
    requirePositive("learning-rate", learningRate);
  }

  /** The authors' setting. */
  public AdversarialUnlearning() {
    this(5, 10, 0.001, 0.1, 5, 0.01, 100, 1e-3);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    // A product costs about a forward and a backward pass of the first batch.
    return rounds * (2 + 2.0 * products + 1) * sizes.clean();
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    RandomGenerator random = data.random("defense");
    try (Classifier exact = victim.copy(Precision.FLOAT32);
        NDManager owner = exact.manager().newSubManager()) {
      var adam = new Adam(owner, exact.trainable());
      for (int round = 0; round < rounds; round++) {
        List<LabeledImages> batches = batches(data.images(), random);
        float[] change = search(exact, batches);
        data.findings().add(new Findings.Point("perturbation-norm", round + 1.0, norm(change)));
        for (LabeledImages of : batches) {
          float loss = unlearn(exact, adam, change, batches.get(0), of, random);
          if (!Float.isFinite(loss)) {
            throw new DivergedException(round, 0, "the loss", loss);
          }
        }
      }
      victim.takeOver(exact);
    }
  }

  private List<LabeledImages> batches(LabeledImages images, RandomGenerator random) {
    int[] order = Seed.permutation(images.size(), random);
    var batches = new ArrayList<LabeledImages>();
    for (int from = 0; from < order.length; from += batch) {
      batches.add(
          images.select(Arrays.copyOfRange(order, from, Math.min(from + batch, order.length))));
    }
    return batches;
  }

  private static double norm(float[] change) {
    double squares = 0;
    for (float value : change) {
      squares += (double) value * value;
    }
    return Math.sqrt(squares);
  }

  private static NDArray array(NDManager scope, ImageShape shape, float[] change) {
    NDArray delta =
        scope.create(change, new Shape(1, shape.height(), shape.width(), shape.channels()));
    delta.setRequiresGradient(true);
    return delta;
  }

  /** Minus the cross entropy with a change on all images, and the penalty. */
  private NDArray searched(Classifier network, NDArray pixels, NDArray delta, NDArray labels) {
    NDArray changed = Ops.add(pixels, Ops.scaled(delta, 255));
    NDArray loss = Ops.crossEntropy(network.logits(network.input(changed), false), labels, 0);
    return Ops.add(Ops.scaled(loss, -1), Ops.scaled(delta.mul(delta).sum(), penalty));
  }

  private float[] search(Classifier network, List<LabeledImages> batches) {
    float[] change = new float[network.design().shape().size()];
    for (LabeledImages images : batches) {
      try (NDManager scope = network.manager().newSubManager()) {
        NDArray pixels = Pixels.of(scope, images);
        NDArray answers = Ops.predictions(network.logits(network.input(pixels), false));
        NDArray delta = array(scope, images.shape(), change);
        NDArray loss = Torch.recording(() -> searched(network, pixels, delta, answers));
        float[] slopes = Ops.gradients(loss, List.of(delta)).get(0).toFloatArray();
        for (int i = 0; i < change.length; i++) {
          change[i] -= (float) (searchRate * slopes[i]);
        }
      }
    }
    return change;
  }

  /** One step of the weights; returns the loss before it. */
  private float unlearn(
      Classifier network,
      Adam adam,
      float[] change,
      LabeledImages first,
      LabeledImages images,
      RandomGenerator random) {
    try (NDManager scope = network.manager().newSubManager()) {
      NDArray delta = array(scope, images.shape(), change);
      NDArray pixels = Pixels.of(scope, images);
      NDArray labels = Pixels.labels(scope, images);
      NDArray mask = scope.create(mask(images.size(), random), new Shape(images.size(), 1, 1, 1));
      NDArray loss =
          Torch.recording(
              () -> {
                NDArray changed = Ops.add(pixels, mask.mul(Ops.scaled(delta, 255)));
                return Ops.crossEntropy(network.logits(network.input(changed), false), labels, 0);
              });
      List<NDArray> weights = network.trainable();
      var variables = new ArrayList<>(weights);
      variables.add(delta);
      List<NDArray> gradients = new ArrayList<>(Ops.gradients(loss, variables));
      NDArray byChange = gradients.remove(weights.size());
      if (products > 0) {
        correct(network, gradients, byChange, array(scope, images.shape(), change), first);
      }
      adam.step(gradients, learningRate);
      return loss.getFloat();
    }
  }

  /** Subtracts what comes from delta's own dependence on the weights. */
  private void correct(
      Classifier network,
      List<NDArray> gradients,
      NDArray byChange,
      NDArray delta,
      LabeledImages first) {
    NDManager scope = delta.getManager();
    NDArray pixels = Pixels.of(scope, first);
    NDArray labels = Pixels.labels(scope, first);
    NDArray slope =
        Torch.recording(
            () ->
                Ops.differentiableGradients(
                        searched(network, pixels, delta, labels), List.of(delta))
                    .get(0));
    NDArray v =
        fixedPoint(
            byChange,
            x -> Ops.vectorJacobianProducts(List.of(slope), List.of(x), List.of(delta)).get(0));
    List<NDArray> mixed =
        Ops.vectorJacobianProducts(List.of(slope), List.of(v), network.trainable());
    for (int i = 0; i < mixed.size(); i++) {
      gradients.set(i, gradients.get(i).sub(mixed.get(i).mul((float) contraction)));
    }
  }

  /** {@code v <- v - s H v + g}, from 0. */
  NDArray fixedPoint(NDArray gradient, UnaryOperator<NDArray> hessian) {
    NDArray v = gradient.getManager().zeros(gradient.getShape());
    for (int k = 0; k < products; k++) {
      v =
          k == 0
              ? gradient.duplicate()
              : v.sub(hessian.apply(v).mul((float) contraction)).add(gradient);
    }
    return v;
  }

  private float[] mask(int size, RandomGenerator random) {
    float[] mask = new float[size];
    int count = (int) Math.max(1, Math.round(patched * size));
    int[] order = Seed.permutation(size, random);
    for (int i = 0; i < count; i++) {
      mask[order[i]] = 1;
    }
    return mask;
  }
}
