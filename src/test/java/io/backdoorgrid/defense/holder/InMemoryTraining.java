package io.backdoorgrid.defense.holder;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.FeatureTraining;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.FeatureExtractor;
import io.backdoorgrid.model.Predictor;
import io.backdoorgrid.torch.SafeTensors;
import io.backdoorgrid.train.TrainingListener;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.random.RandomGenerator;

/** A training whose finished work lies in a map, as the bytes that a store would keep. */
final class InMemoryTraining implements FeatureTraining {

  /** What {@link #observe} was shown. */
  record Report(int iteration, int[] predictions, boolean[] trusted) {}

  /** Stands for a process that ends in the middle of its work. */
  static final class Killed extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private final LabeledImages images;
  private final Supplier<Classifier> extractor;
  private final Map<String, byte[]> finished;
  private final List<Classifier> handedOut = new ArrayList<>();
  private final Map<String, SafeTensors> given = new LinkedHashMap<>();
  private final Findings findings = new Findings();
  private String fatal;

  /** Names of the work that was done, not found. */
  final List<String> worked = new ArrayList<>();

  final List<Report> reports = new ArrayList<>();

  /** Per epoch, by what is trained. */
  final Map<String, List<Double>> losses = new LinkedHashMap<>();

  InMemoryTraining(LabeledImages images, Supplier<Classifier> extractor) {
    this(images, extractor, new LinkedHashMap<>());
  }

  private InMemoryTraining(
      LabeledImages images, Supplier<Classifier> extractor, Map<String, byte[]> finished) {
    this.images = images;
    this.extractor = extractor;
    this.finished = finished;
  }

  /** Another process that finds what this one finished. */
  InMemoryTraining restarted() {
    return new InMemoryTraining(images, extractor, finished);
  }

  /** Work whose name begins so is not finished any more. */
  InMemoryTraining killedAt(String beginning) {
    fatal = beginning;
    return this;
  }

  /** Makes this the result of the work whose name begins so, which is then not done. */
  InMemoryTraining given(String beginning, SafeTensors result) {
    given.put(beginning, result);
    return this;
  }

  /** What is {@linkplain #given}, or the result of the only finished work whose name begins so. */
  SafeTensors result(String beginning) {
    if (given.containsKey(beginning)) {
      return given.get(beginning);
    }
    List<String> names = finished.keySet().stream().filter(n -> n.startsWith(beginning)).toList();
    assertThat(names).as(beginning).hasSize(1);
    return SafeTensors.parse(finished.get(names.get(0)));
  }

  /** What work of that name drew, or would draw, its numbers from, too. */
  @Override
  public RandomGenerator random(String what) {
    return new Seed("untrusted").stream(what);
  }

  /** Whether every extractor that was handed out is closed. */
  boolean closed() {
    return handedOut.stream().noneMatch(classifier -> classifier.manager().isOpen());
  }

  @Override
  public LabeledImages images() {
    return images;
  }

  @Override
  public FeatureExtractor features() {
    return network();
  }

  @Override
  public Classifier network() {
    Classifier network = extractor.get();
    handedOut.add(network);
    return network;
  }

  @Override
  public Classifier fresh(RandomGenerator random) {
    return Classifier.create(extractor.get().design(), random);
  }

  @Override
  public Findings findings() {
    return findings;
  }

  @Override
  public SafeTensors once(String what, Function<RandomGenerator, SafeTensors> work) {
    for (var entry : given.entrySet()) {
      if (what.startsWith(entry.getKey())) {
        return entry.getValue();
      }
    }
    if (!finished.containsKey(what)) {
      worked.add(what);
      byte[] result = work.apply(random(what)).toBytes();
      if (fatal != null && what.startsWith(fatal)) {
        throw new Killed();
      }
      finished.put(what, result);
    }
    return SafeTensors.parse(finished.get(what));
  }

  @Override
  public TrainingListener progress(String what) {
    List<Double> epochs = losses.computeIfAbsent(what, unused -> new ArrayList<>());
    return (epoch, count, loss) -> epochs.add(loss);
  }

  @Override
  public void observe(int iteration, Predictor predictor, boolean[] trusted) {
    reports.add(new Report(iteration, predictor.predict(images), trusted));
  }
}
