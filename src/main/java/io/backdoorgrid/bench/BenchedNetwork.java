package io.backdoorgrid.bench;

import ai.djl.Device;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.data.batch.AugmentedBatches;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvShape;
import io.backdoorgrid.model.net.ResNet18;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Recipe;
import io.backdoorgrid.train.Trainer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/** Training and evaluation of a ResNet-18. */
final class BenchedNetwork {

  static final int BATCH = 128;

  /** Roughly what a repeat of training should last. */
  private static final double SECONDS_PER_REPEAT = 3;

  /** In billions of multiplications per second: to guess how many steps that is. */
  private static final double GUESSED_RATE = 100;

  /** The same of a GPU. */
  private static final double GUESSED_GPU_RATE = 10_000;

  /** Per repeat: the narrowest networks come nowhere near that rate. */
  private static final int MOST_STEPS = 50;

  /** A training step costs a forward pass and twice that backward. */
  static final int TRAINING_PASSES = 3;

  private static final Normalization NORMALIZATION =
      new Normalization(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.25f, 0.25f, 0.25f});

  private final Classifier.Design design;
  private final LabeledImages images;
  private final int repeats;

  BenchedNetwork(int width, Precision precision, Device device, LabeledImages images, int repeats) {
    this.design =
        new Classifier.Design(
            new ResNet18(width),
            images.shape(),
            images.classes(),
            NORMALIZATION,
            precision,
            device);
    this.images = images;
    this.repeats = repeats;
  }

  List<ConvShape> convolutions() {
    return design.architecture().convolutions(images.shape());
  }

  double gigaMultiplications() {
    return design.architecture().gigaMultiplications(images.shape());
  }

  /** Seconds of a step on one batch that is there already. */
  List<Double> bareStepSeconds() {
    return stepSeconds(images.first(BATCH), 0, Augmentation.Flip.NONE, steps());
  }

  /** Seconds of a step that gathers, crops and flips a random batch first. */
  List<Double> stepSeconds() {
    LabeledImages some = images.first(steps() * BATCH);
    return stepSeconds(some, 4, Augmentation.Flip.RANDOM, 1);
  }

  private int steps() {
    double work = TRAINING_PASSES * BATCH * gigaMultiplications();
    return (int) Math.min(MOST_STEPS, Math.max(2, SECONDS_PER_REPEAT * guessedRate() / work));
  }

  private double guessedRate() {
    return design.device().isGpu() ? GUESSED_GPU_RATE : GUESSED_RATE;
  }

  /** One repeat is {@code epochs} passes over {@code images}; the first repeat is not counted. */
  private List<Double> stepSeconds(
      LabeledImages images, int crop, Augmentation.Flip flip, int epochs) {
    var recipe =
        new Recipe(
            (repeats + 1) * epochs, BATCH, 0.01, 0.9, 5e-4, RateSchedule.CONSTANT, crop, flip);
    var ends = new ArrayList<Long>();
    try (Classifier classifier = fresh()) {
      new Trainer(
              recipe,
              (epoch, all, loss) -> {
                if (epoch % epochs == 0) {
                  ends.add(System.nanoTime());
                }
              })
          .train(classifier, images, random());
    }
    int steps = epochs * (images.size() / BATCH);
    var seconds = new ArrayList<Double>();
    for (int i = 1; i < ends.size(); i++) {
      seconds.add((ends.get(i) - ends.get(i - 1)) / 1e9 / steps);
    }
    return seconds;
  }

  /** Seconds to put one augmented batch together, from anywhere in the images. */
  List<Double> gatherSeconds() {
    var batches = new AugmentedBatches(images, new Augmentation(4, Augmentation.Flip.RANDOM));
    ByteBuffer pixels = ByteBuffer.allocateDirect(BATCH * images.shape().size());
    RandomGenerator random = random();
    int[] order = Seed.permutation(images.size(), random);
    int[] from = {0};
    return Repeats.seconds(
        Device.cpu(), // arrays of Java, whatever trains on them
        repeats,
        () -> {
          from[0] = (from[0] + BATCH) % (order.length - BATCH);
          batches.fill(pixels.clear(), order, from[0], from[0] + BATCH, 0, random);
          batches.labels(order, from[0], from[0] + BATCH);
        });
  }

  /** Images per second of {@link Classifier#predict}. */
  List<Double> evaluationRate() {
    double perRepeat = SECONDS_PER_REPEAT * guessedRate() / gigaMultiplications();
    int batches = (int) Math.ceil(perRepeat / Classifier.EVALUATION_BATCH);
    int count =
        Math.min(images.size(), Math.min(batches, MOST_STEPS) * Classifier.EVALUATION_BATCH);
    LabeledImages some = images.first(count);
    try (Classifier classifier = fresh()) {
      return Repeats.each(
          Repeats.seconds(design.device(), repeats, () -> classifier.predict(some)),
          seconds -> count / seconds);
    }
  }

  Classifier fresh() {
    return Classifier.create(design, random());
  }

  private static RandomGenerator random() {
    return new Seed("bench").stream("bench");
  }
}
