package io.backdoorgrid.defense.cleanse;

import static io.backdoorgrid.algorithm.Checks.require;
import static io.backdoorgrid.algorithm.Checks.requirePositive;
import static io.backdoorgrid.algorithm.Checks.requireShare;

import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.algorithm.Seed;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.batch.Augmentation;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.train.PlainSgd;
import io.backdoorgrid.train.RateSchedule;
import io.backdoorgrid.train.Trainer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;

/**
 * Neural Cleanse (NC; Wang et al., "Neural Cleanse: Identifying and Mitigating Backdoor Attacks in
 * Neural Networks", IEEE S&P 2019): for each class, the smallest patch is sought that makes the
 * network see that class in any image. If one is much smaller than the others, the network is
 * backdoored, and it is trained to ignore that patch.
 *
 * <p>A class's {@linkplain ReversedTrigger trigger} is a mask m and a pattern p; with images {@code
 * (1 - m) x + m p}, the cross entropy with the class plus lambda times the sum of m is minimized by
 * Adam, and lambda follows success. With the median of the sums and MAD, the median distance from
 * it times 1.4826, a class is suspected if its sum is not above the median and {@code |sum -
 * median| / MAD} exceeds {@code index}. If any is suspected, the network is fine-tuned on the clean
 * images, a share of which has the smallest suspected trigger on, under their true labels.
 * Otherwise it stays as it is.
 *
 * <p>Clean networks are suspected, too, now and then: indices above 2 are reported for several. The
 * defaults are BackdoorBench's, which unlearns for 100 epochs; the paper did for one. BackdoorBench
 * rescales the mask when it saves it as a picture, and stamps that; we stamp what was found. The
 * searches of all classes are kept, and trials that differ in index or unlearning share them.
 *
 * @param search how triggers are sought
 * @param index anomaly above which a class is suspected, positive
 * @param stamped share of the clean images with the trigger on while unlearning, 0 to 1
 * @param sgd how it is unlearned
 * @param schedule {@code constant} or {@code cosine}
 * @param augmentation how the images are varied
 */
@Algorithm("nc")
public record NeuralCleanse(
    TriggerSearch search,
    double index,
    double stamped,
    PlainSgd sgd,
    RateSchedule schedule,
    Augmentation augmentation)
    implements CleanDataDefense {

  /** Of a normal distribution, the deviation over the median distance from the median. */
  private static final double NORMAL = 1.4826;

  private static final double TINY = 1e-12;

  public static final Map<String, Map<String, Object>> PRESETS =
      Map.of("backdoorbench", Map.of(), "nc", Map.of("success", 0.99, "epochs", 1));

  public NeuralCleanse {
    requirePositive("index", index);
    requireShare("stamped", stamped);
    require(
        schedule == RateSchedule.CONSTANT || schedule == RateSchedule.COSINE,
        "schedule must be constant or cosine for unlearning");
  }

  /** BackdoorBench's setting. */
  public NeuralCleanse() {
    this(
        new TriggerSearch(),
        2,
        0.2,
        new PlainSgd(100, 256, 0.01, 0.9, 5e-4),
        RateSchedule.COSINE,
        new Augmentation(4, Augmentation.Flip.RANDOM));
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    // A gradient by the images alone costs about two of a step's three passes.
    double searching = sizes.classes() * search.searchEpochs() * sizes.clean() * 2 / 3;
    return searching + sgd.epochs() * sizes.clean();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    var triggers = new ArrayList<ReversedTrigger>();
    for (int label = 0; label < data.images().classes(); label++) {
      int target = label;
      triggers.add(
          ReversedTrigger.of(
              victim.design().shape(),
              data.once(
                  "trigger of class %d by %s".formatted(target, search),
                  random -> search.find(victim, data.images(), target, random).toTensors())));
    }
    int[] suspected = suspected(triggers, data.findings());
    data.findings().verdict(suspected.length > 0);
    if (suspected.length > 0) {
      int smallest =
          IntStream.of(suspected)
              .boxed()
              .min((a, b) -> Double.compare(triggers.get(a).size(), triggers.get(b).size()))
              .orElseThrow();
      unlearn(victim, triggers.get(smallest), data);
    }
  }

  private int[] suspected(List<ReversedTrigger> triggers, Findings findings) {
    double[] sizes = triggers.stream().mapToDouble(ReversedTrigger::size).toArray();
    double[] anomalies = anomalies(sizes);
    double median = median(sizes);
    int[] suspected =
        IntStream.range(0, sizes.length)
            .filter(label -> sizes[label] <= median && anomalies[label] > index)
            .toArray();
    for (int label = 0; label < sizes.length; label++) {
      boolean isSuspected = Arrays.binarySearch(suspected, label) >= 0;
      findings.add(new Findings.ScoredClass(label, sizes[label], isSuspected));
      findings.add(new Findings.Point("anomaly-index", label, anomalies[label]));
      findings.add(new Findings.Point("success", label, 100 * triggers.get(label).success()));
      if (isSuspected) {
        findings.add("trigger-of-class-" + label, triggers.get(label).picture());
        findings.add("mask-of-class-" + label, triggers.get(label).maskPicture());
      }
    }
    return suspected;
  }

  /** How many MADs each size lies from the median; 0 if all are equal. */
  static double[] anomalies(double[] sizes) {
    double median = median(sizes);
    double[] distances = Arrays.stream(sizes).map(size -> Math.abs(size - median)).toArray();
    double mad = NORMAL * median(distances);
    return Arrays.stream(distances)
        .map(distance -> distance == 0 ? 0 : distance / Math.max(mad, TINY))
        .toArray();
  }

  private static double median(double[] values) {
    double[] sorted = values.clone();
    Arrays.sort(sorted);
    int middle = sorted.length / 2;
    return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
  }

  private void unlearn(Classifier victim, ReversedTrigger trigger, CleanData data) {
    RandomGenerator random = data.random("defense");
    LabeledImages images = data.images().copy();
    int[] order = Seed.permutation(images.size(), random);
    int count = (int) Math.round(stamped * images.size());
    for (int i = 0; i < count; i++) {
      trigger.stamp(images, order[i]);
    }
    new Trainer(sgd.recipe(schedule, augmentation), data.progress("unlearning"))
        .train(victim, images, random);
  }
}
