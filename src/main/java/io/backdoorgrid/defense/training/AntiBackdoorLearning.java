package io.backdoorgrid.defense.training;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireProperShare;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Hyperparameters;
import io.backdoorgrid.algorithm.Order;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.TrainingDefense;
import io.backdoorgrid.defense.UntrustedTraining;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.train.Descent;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.SampleLosses;
import io.backdoorgrid.train.Trainer;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Anti-Backdoor Learning (ABL; Li et al., NeurIPS 2021): a network learns poisoned images first.
 * While their loss falls it is trained on all; the few images with the lowest loss are isolated,
 * and after training on the others they are unlearned.
 *
 * <p>Isolation goes down the cross entropy of a batch where it exceeds {@code flooding}, and up
 * where it does not, so that only what is learned easily stays below; without augmentation. This is
 * the gradient of both of the authors' losses, {@code |L - b| + b} and {@code sign(L - gamma) L}.
 * The isolated share has the lowest losses in evaluation mode, of equal ones the first. Then the
 * network is trained on the other images, and at last goes up the cross entropy of the isolated
 * ones. All steps are SGD with Nesterov's momentum of 0.9 and a weight decay of 1e-4.
 *
 * <p>Results depend much on the last rate: unlearning takes accuracy with it.
 *
 * @param isolationEpochs at least 1
 * @param isolationRate learning rate of these, positive
 * @param flooding loss below which batches are climbed, positive
 * @param isolated share of the images that is isolated, above 0 and below 1
 * @param tuneEpochs on the others, not negative; 0 leaves this out
 * @param tuneRate its learning rate, positive, which falls to a tenth after two thirds of the
 *     epochs
 * @param unlearnEpochs on the isolated ones, at least 1
 * @param unlearnRate its learning rate, positive
 * @param batch images per step, at least 2
 * @param augmentation how images are varied while training on the others
 */
@Algorithm("abl")
public record AntiBackdoorLearning(
    int isolationEpochs,
    double isolationRate,
    double flooding,
    double isolated,
    int tuneEpochs,
    double tuneRate,
    int unlearnEpochs,
    double unlearnRate,
    int batch,
    Augmentation augmentation)
    implements TrainingDefense {

  private static final double MOMENTUM = 0.9;
  private static final double WEIGHT_DECAY = 1e-4;
  private static final String ISOLATED = "isolated";
  private static final String NETWORK = "network.";

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of(
          "abl",
          Map.of(),
          "backdoorbench",
          Map.of(
              "isolation-epochs",
              20,
              "isolation-rate",
              0.01,
              "tune-rate",
              0.01,
              "unlearn-epochs",
              20,
              "unlearn-rate",
              1e-4,
              "batch",
              256),
          "hp",
          Map.of("isolation-epochs", 20, "unlearn-epochs", 20));

  public AntiBackdoorLearning {
    require(isolationEpochs >= 1, "isolation-epochs must be at least 1, got %d", isolationEpochs);
    requirePositive("isolation-rate", isolationRate);
    requirePositive("flooding", flooding);
    requireProperShare("isolated", isolated);
    require(tuneEpochs >= 0, "tune-epochs must not be negative, got %d", tuneEpochs);
    requirePositive("tune-rate", tuneRate);
    require(unlearnEpochs >= 1, "unlearn-epochs must be at least 1, got %d", unlearnEpochs);
    requirePositive("unlearn-rate", unlearnRate);
    require(batch >= 2, "batch must be at least 2, got %d", batch);
  }

  /** The authors' setting. */
  public AntiBackdoorLearning() {
    this(10, 0.1, 0.5, 0.01, 60, 0.1, 5, 5e-4, 128, new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return (isolationEpochs + (1 - isolated) * tuneEpochs + isolated * unlearnEpochs + 1 / 3.0)
        * sizes.training();
  }

  @Override
  public Predictor train(UntrustedTraining training) {
    LabeledImages images = training.images();
    String isolation =
        "isolation, %d epochs at %s in batches of %d, %s of the images below %s"
            .formatted(isolationEpochs, isolationRate, batch, isolated, flooding);
    SafeTensors begun = training.once(isolation, random -> isolate(training, random));
    float[] trusted = begun.tensors().get(ISOLATED).values();
    int[] suspects = positions(trusted, 1);
    training.findings().count("isolated-images", suspects.length);
    String tuning = isolation + ", then %d at %s, %s".formatted(tuneEpochs, tuneRate, augmentation);
    SafeTensors tuned =
        tuneEpochs == 0
            ? begun.part(NETWORK)
            : training.once(
                tuning,
                random ->
                    tune(
                        training,
                        begun.part(NETWORK),
                        images.select(positions(trusted, 0)),
                        random));
    Classifier network = load(training, tuned);
    try {
      unlearn(training, network, images.select(suspects));
      boolean[] clean = new boolean[trusted.length];
      for (int i = 0; i < clean.length; i++) {
        clean[i] = trusted[i] == 0;
      }
      training.observe(1, network, clean);
      return network;
    } catch (RuntimeException | Error e) {
      network.close();
      throw e;
    }
  }

  private static int[] positions(float[] flags, int flag) {
    return IntStream.range(0, flags.length).filter(i -> flags[i] == flag).toArray();
  }

  private static Classifier load(UntrustedTraining training, SafeTensors weights) {
    try (Classifier any = training.fresh(training.random("design"))) {
      return Classifier.load(any.design(), weights);
    }
  }

  /** The network that has learned what is easy, and which images those are. */
  private SafeTensors isolate(UntrustedTraining training, RandomGenerator random) {
    LabeledImages images = training.images();
    try (Classifier network = training.fresh(random)) {
      Recipe recipe = recipe(isolationEpochs, isolationRate, List.of(), Augmentation.NONE);
      Descent.Loss entropy = Descent.crossEntropy(network, 0);
      descend(
          network,
          images,
          recipe,
          training,
          "isolation",
          random,
          batch -> flooded(entropy.of(batch)));
      float[] losses = SampleLosses.of(network, images, Ops::crossEntropies);
      var tensors = new LinkedHashMap<String, Tensor>(network.weights().under(NETWORK));
      float[] flags = new float[losses.length];
      for (int position : lowest(losses, isolated)) {
        flags[position] = 1;
      }
      tensors.put(ISOLATED, new Tensor(new long[] {flags.length}, flags));
      return new SafeTensors(tensors);
    }
  }

  /** Down where a loss exceeds the limit, up where it does not. */
  NDArray flooded(NDArray loss) {
    return Ops.scaled(loss, loss.getFloat() < flooding ? -1 : 1);
  }

  /** The positions of the lowest share, at least one; of equal losses the first. */
  static int[] lowest(float[] losses, double share) {
    int count = (int) Math.max(1, Math.round(share * losses.length));
    return Arrays.copyOf(Order.ascending(losses), count);
  }

  private SafeTensors tune(
      UntrustedTraining training, SafeTensors begun, LabeledImages others, RandomGenerator random) {
    try (Classifier network = load(training, begun)) {
      int milestone = Math.max(1, tuneEpochs * 2 / 3);
      Recipe recipe = recipe(tuneEpochs, tuneRate, List.of(milestone), augmentation);
      descend(
          network,
          others,
          recipe,
          training,
          "the other images",
          random,
          Descent.crossEntropy(network, 0));
      return network.weights();
    }
  }

  private void unlearn(UntrustedTraining training, Classifier network, LabeledImages suspects) {
    Recipe recipe = recipe(unlearnEpochs, unlearnRate, List.of(), Augmentation.NONE);
    Descent.Loss entropy = Descent.crossEntropy(network, 0);
    if (suspects.size() >= 2) {
      descend(
          network,
          suspects,
          recipe,
          training,
          "unlearning",
          training.random("unlearning"),
          batch -> Ops.scaled(entropy.of(batch), -1));
    }
  }

  private static void descend(
      Classifier network,
      LabeledImages images,
      Recipe recipe,
      UntrustedTraining training,
      String what,
      RandomGenerator random,
      Descent.Loss loss) {
    new Trainer(recipe, training.progress(what))
        .train(network, images, random, network.trainable(), loss);
  }

  private Recipe recipe(int epochs, double rate, List<Integer> milestones, Augmentation varied) {
    var plain = new PlainSgd(epochs, batch, rate, MOMENTUM, WEIGHT_DECAY);
    return Hyperparameters.with(plain.recipe(milestones, varied), Map.of("nesterov", true));
  }
}
