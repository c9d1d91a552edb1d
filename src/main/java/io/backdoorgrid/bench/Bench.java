package io.backdoorgrid.bench;

import ai.djl.Device;
import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import ai.djl.ndarray.types.Shape;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.set.Cifar10;
import io.backdoorgrid.defense.DataFreeDefense;
import io.backdoorgrid.defense.LoneWeights;
import io.backdoorgrid.defense.datafree.Clp;
import io.backdoorgrid.defense.datafree.Lpp;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.net.ConvShape;
import io.backdoorgrid.run.TrialCost;
import io.backdoorgrid.run.schedule.BenchedSpeeds;
import io.backdoorgrid.run.schedule.BenchedSpeeds.Speed;
import io.backdoorgrid.torch.Ops;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.Torch;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/**
 * Measures how fast this machine does the work of a grid, and how close that is to its limit.
 *
 * <p>Every quantity is measured several times, after a warm-up that does not count. The ceiling is
 * the best rate of any matrix product or convolution in the same run: no training step can be
 * faster than its convolutions, so a step's share of the ceiling shows what is left to gain.
 */
public final class Bench {

  /** Where the papers' networks are: their defenses' seconds are measured there. */
  private static final int FULL_WIDTH = 64;

  private static final int MATRIX_EDGE = 2048;
  private static final int GPU_MATRIX_EDGE = 8192;
  private static final int RANDOM_IMAGES = 50_000;
  private static final int CLASSES = 10;

  /** Defenses take milliseconds: many repeats cost nothing. */
  private static final int DEFENSE_REPEATS = 20;

  /** The JIT takes its time to compile what a defense does in Java. */
  private static final double DEFENSE_WARM_UP_SECONDS = 3;

  /**
   * What to measure.
   *
   * @param widths of the ResNet-18s
   * @param device on which networks compute
   * @param threads that operators use
   * @param repeats of every quantity, at least 1
   * @param dataDirectory where CIFAR-10 is; without it, noise of the same size is trained on
   */
  public record Options(
      List<Integer> widths,
      List<Precision> precisions,
      Device device,
      int threads,
      int repeats,
      Optional<Path> dataDirectory) {}

  private final Options options;
  private final Consumer<Measurement> listener;
  private final List<Measurement> measurements = new ArrayList<>();
  private final List<Speed> speeds = new ArrayList<>();
  private final OtherLoad load = new OtherLoad();

  /**
   * @param listener told of each measurement as soon as it is done
   */
  public Bench(Options options, Consumer<Measurement> listener) {
    this.options = options;
    this.listener = listener;
  }

  /** Measures everything; a few minutes. */
  public List<Measurement> run() {
    Torch.prepareThread(options.threads());
    LabeledImages images = images();
    for (Precision precision : options.precisions()) {
      double product = matrixProduct(precision);
      for (int width : options.widths()) {
        network(width, precision, images, product);
      }
    }
    defenses(images);
    if (!options.device().isGpu()) { // outside of Spark, a trial is given none
      for (int width : options.widths()) {
        trial(width);
      }
    }
    return List.copyOf(measurements);
  }

  /** How fast each network trained. */
  public BenchedSpeeds speeds() {
    return new BenchedSpeeds(List.copyOf(speeds));
  }

  /** Cores that other processes used since this bench was made; empty where nothing tells. */
  public OptionalDouble otherLoad() {
    return load.cores();
  }

  private LabeledImages images() {
    if (options.dataDirectory().isPresent()) {
      return new Cifar10().load(options.dataDirectory().get()).train();
    }
    RandomGenerator random = new Seed("bench").stream("images");
    var shape = new ImageShape(32, 32, 3);
    byte[] pixels = new byte[RANDOM_IMAGES * shape.size()];
    random.nextBytes(pixels);
    int[] labels = new int[RANDOM_IMAGES];
    Arrays.setAll(labels, i -> random.nextInt(CLASSES));
    return new LabeledImages(shape, CLASSES, pixels, labels);
  }

  /** The rate of a large product, in billions of multiplications per second. */
  private double matrixProduct(Precision precision) {
    try (NDManager manager = Torch.newManager(options.device())) {
      int edge = options.device().isGpu() ? GPU_MATRIX_EDGE : MATRIX_EDGE;
      var shape = new Shape(edge, edge);
      NDArray a = Ops.cast(manager.randomNormal(shape), precision);
      NDArray b = Ops.cast(manager.randomNormal(shape), precision);
      double work = Math.pow(edge, 3) / 1e9;
      List<Double> seconds =
          Repeats.seconds(
              options.device(), options.repeats(), () -> Ops.matrixProduct(a, b).close());
      return add(
          "product of two %1$d x %1$d matrices, %2$s".formatted(edge, precision),
          "rate",
          Unit.GIGA_MULTIPLICATIONS_PER_SECOND,
          Repeats.each(seconds, s -> work / s));
    }
  }

  private void network(int width, Precision precision, LabeledImages images, double product) {
    String subject = "ResNet-18 of width %d, %s".formatted(width, precision);
    var network = new BenchedNetwork(width, precision, options.device(), images, options.repeats());
    double step =
        add(
            subject,
            "training on a batch that is there",
            Unit.IMAGES_PER_SECOND,
            Repeats.each(network.bareStepSeconds(), s -> BenchedNetwork.BATCH / s));
    double training =
        add(
            subject,
            "training with gather, crop and flip",
            Unit.IMAGES_PER_SECOND,
            Repeats.each(network.stepSeconds(), s -> BenchedNetwork.BATCH / s));
    double passes = BenchedNetwork.TRAINING_PASSES * network.gigaMultiplications();
    speeds.add(
        new Speed(
            network.gigaMultiplications(),
            precision.toString(),
            training * passes / options.threads()));
    double stepSeconds = BenchedNetwork.BATCH / step;
    add(
        subject,
        "gather, crop and flip, of a step",
        Unit.PERCENT,
        Repeats.each(network.gatherSeconds(), s -> 100 * s / stepSeconds));
    convolutions(subject, network, precision, product, stepSeconds);
    add(subject, "evaluation", Unit.IMAGES_PER_SECOND, network.evaluationRate());
  }

  private void convolutions(
      String subject,
      BenchedNetwork network,
      Precision precision,
      double product,
      double stepSeconds) {
    double[] total = new double[options.repeats()];
    double best = product;
    try (NDManager manager = Torch.newManager(options.device())) {
      for (ConvShape conv : network.convolutions()) {
        List<Double> seconds =
            Convolutions.seconds(manager, conv, BenchedNetwork.BATCH, precision, options.repeats());
        double work =
            BenchedNetwork.TRAINING_PASSES * BenchedNetwork.BATCH * conv.multiplications() / 1e9;
        for (int i = 0; i < total.length; i++) {
          total[i] += seconds.get(i);
        }
        best = Math.max(best, work / Measurement.median(seconds));
      }
    }
    List<Double> seconds = Arrays.stream(total).boxed().toList();
    add(
        subject,
        "outside the convolutions, of a step",
        Unit.PERCENT,
        Repeats.each(seconds, s -> 100 * (1 - s / stepSeconds)));
    double work =
        BenchedNetwork.TRAINING_PASSES * BenchedNetwork.BATCH * network.gigaMultiplications();
    double ceiling = best;
    add(
        subject,
        "best convolution or matrix product",
        Unit.GIGA_MULTIPLICATIONS_PER_SECOND,
        List.of(ceiling));
    add(
        subject,
        "training attains of that",
        Unit.PERCENT,
        List.of(100 * work / stepSeconds / ceiling));
  }

  private void defenses(LabeledImages images) {
    var network =
        new BenchedNetwork(
            FULL_WIDTH, Precision.FLOAT32, options.device(), images, options.repeats());
    try (Classifier victim = network.fresh()) {
      repair("CLP", new Clp(), victim);
      repair("LPP", new Lpp(), victim);
    }
  }

  private void repair(String name, DataFreeDefense defense, Classifier victim) {
    String subject = "ResNet-18 of width %d".formatted(FULL_WIDTH);
    long start = System.nanoTime();
    add(subject, name + ", first call", Unit.SECONDS, List.of(repairSeconds(defense, victim)));
    while (System.nanoTime() - start < DEFENSE_WARM_UP_SECONDS * 1e9) {
      repairSeconds(defense, victim);
    }
    var seconds = new ArrayList<Double>();
    for (int i = 0; i < DEFENSE_REPEATS; i++) {
      seconds.add(repairSeconds(defense, victim));
    }
    add(subject, name, Unit.SECONDS, seconds);
  }

  private double repairSeconds(DataFreeDefense defense, Classifier victim) {
    try (Classifier copy = victim.copy()) {
      long start = System.nanoTime();
      defense.repair(copy, new LoneWeights(copy));
      Torch.await(options.device());
      return (System.nanoTime() - start) / 1e9;
    }
  }

  private void trial(int width) {
    TrialCost cost = TrialCost.measure(width, options.threads(), options.repeats());
    String subject = "trial on a stored victim of width %d".formatted(width);
    add(subject, "until the first batch is evaluated", Unit.SECONDS, cost.untilFirstBatch());
    add(subject, "start, load and commit", Unit.SECONDS, cost.startLoadAndCommit());
  }

  /** Returns the median. */
  private double add(String subject, String quantity, Unit unit, List<Double> values) {
    var measurement = new Measurement(subject, quantity, unit, values);
    measurements.add(measurement);
    listener.accept(measurement);
    return measurement.median();
  }
}
