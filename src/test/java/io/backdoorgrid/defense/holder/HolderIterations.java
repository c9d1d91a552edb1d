package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.ToyImages;
import io.backdoorgrid.data.batch.Augmentation.Flip;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.grid.Spec;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.Classifiers;
import io.backdoorgrid.model.net.TinyNet;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import io.backdoorgrid.train.TrainingListener;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** Small {@link HolderIteration}s, run in memory, for the tests. */
final class HolderIterations {

  static final ImageShape SHAPE = new ImageShape(6, 6, 3);
  static final LabeledImages IMAGES = ToyImages.tinted(SHAPE, 60, 1);
  static final int HIDDEN = 32;

  /** What some images pass and some do not. */
  static final List<Integer> MANY = List.of(18);

  static final String FIRST_HEAD = "head of iteration 1,";
  static final String FIRST_FEATURES = "features of iteration 1,";

  private static byte[] normalised;

  private HolderIterations() {}

  /** Weights that no one has trained, and batch-norm's running statistics of the images. */
  private static synchronized byte[] normalised() {
    if (normalised != null) {
      return normalised;
    }
    try (Classifier network = Classifiers.fresh(design(true), "g1")) {
      var recipe = new Recipe(30, 30, 1e-12, 0, 0, RateSchedule.CONSTANT, 0, Flip.NONE);
      new Trainer(recipe, TrainingListener.NONE)
          .train(network, IMAGES, new Seed("g1").stream("statistics"));
      normalised = network.weights().toBytes();
      return normalised;
    }
  }

  /** A head of which 18 neurons were pruned, and a split by hand. */
  static SafeTensors head(boolean batchNorm, IntPredicate trusted) {
    InMemoryTraining training = training(batchNorm).killedAt(FIRST_FEATURES);
    assertThatThrownBy(() -> hid(Map.of()).train(training))
        .isInstanceOf(InMemoryTraining.Killed.class);
    var tensors = new LinkedHashMap<String, Tensor>(training.result(FIRST_HEAD).tensors());
    float[] split = new float[IMAGES.size()];
    for (int i = 0; i < split.length; i++) {
      split[i] = trusted.test(i) ? 1 : 0;
    }
    tensors.put("trusted", new Tensor(new long[] {split.length}, split));
    return new SafeTensors(tensors);
  }

  static HolderIteration hid(Map<String, Object> given) {
    var settings = new LinkedHashMap<String, Object>();
    settings.put("hidden", HIDDEN);
    settings.put("pruned", MANY);
    settings.put("epochs", 40);
    settings.put("batch", 16);
    settings.put("learning-rate", 0.01);
    settings.put("mix-epochs", 2);
    settings.put("mix-batch", 8);
    settings.put("mix-learning-rate", 0.01);
    settings.put("crop", 1);
    settings.putAll(given);
    return (HolderIteration) Defenses.REGISTRY.create(new Spec("hid", 1, settings));
  }

  static Classifier.Design design(boolean batchNorm) {
    return Classifiers.design(new TinyNet(8, 3, batchNorm), SHAPE, 3, Precision.FLOAT32);
  }

  static Classifier extractor(boolean batchNorm) {
    return batchNorm
        ? Classifier.load(design(true), SafeTensors.parse(normalised()))
        : Classifiers.fresh(design(false), "g1");
  }

  static InMemoryTraining training() {
    return training(true);
  }

  static InMemoryTraining training(boolean batchNorm) {
    return new InMemoryTraining(IMAGES, () -> extractor(batchNorm));
  }

  static void train(HolderIteration defense, InMemoryTraining training) {
    defense.train(training).close();
  }

  /** What a defense gave, and what is in it. */
  static final class Predicted implements AutoCloseable {
    private final FeatureClassifier result;

    Predicted(HolderIteration defense, InMemoryTraining training) {
      result = (FeatureClassifier) defense.train(training);
    }

    int[] predict(LabeledImages images) {
      return result.predict(images);
    }

    Classifier extractor() {
      return (Classifier) result.extractor();
    }

    ScaledHead head() {
      return result.head();
    }

    @Override
    public void close() {
      result.close();
    }
  }

  /** The first iteration's, as it was stored. */
  static ScaledHead prunedHead(InMemoryTraining training, Classifier network) {
    SafeTensors stored = training.result(FIRST_HEAD).part("head.");
    return ScaledHead.load(network.manager(), stored, false);
  }

  /** What the first pruned head says of the features that no one has trained. */
  static int[] untrained(InMemoryTraining training, LabeledImages images) {
    try (Classifier network = extractor(true)) {
      NDArray features = network.features(network.manager(), images);
      return prunedHead(training, network).predictions(features);
    }
  }

  static boolean[] equal(int[] one, int[] other) {
    boolean[] equal = new boolean[one.length];
    for (int i = 0; i < equal.length; i++) {
      equal[i] = one[i] == other[i];
    }
    return equal;
  }

  static int[] positions(boolean[] trusted, boolean wanted) {
    return IntStream.range(0, trusted.length).filter(i -> trusted[i] == wanted).toArray();
  }

  /** The hidden neurons without weights and bias. */
  static List<Integer> pruned(SafeTensors stored) {
    float[] weights = stored.tensors().get("head.head.first.weight").values();
    float[] biases = stored.tensors().get("head.head.first.bias").values();
    int width = weights.length / biases.length;
    return IntStream.range(0, biases.length)
        .filter(
            i ->
                biases[i] == 0
                    && IntStream.range(i * width, (i + 1) * width).allMatch(j -> weights[j] == 0))
        .boxed()
        .toList();
  }

  static void assertEqual(SafeTensors actual, SafeTensors expected) {
    assertThat(actual.tensors().keySet()).isEqualTo(expected.tensors().keySet());
    actual
        .tensors()
        .forEach(
            (name, tensor) ->
                assertThat(tensor.values())
                    .as(name)
                    .isEqualTo(expected.tensors().get(name).values()));
  }
}
