package io.backdoorgrid.run.task;

import ai.djl.ndarray.NDArray;
import io.backdoorgrid.algorithm.Algorithm;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.CleanData;
import io.backdoorgrid.defense.CleanDataDefense;
import io.backdoorgrid.defense.DataSizes;
import io.backdoorgrid.defense.Defenses;
import io.backdoorgrid.defense.Findings;
import io.backdoorgrid.defense.HoldOut;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.store.StoreException;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.random.RandomGenerator;

/**
 * A clean-data defense as far as its contract goes: it scores the head's inputs at random, once for
 * a sweep, and zeroes those whose score is below a limit.
 *
 * @param limit from 0 to 1
 */
@Algorithm("toy-sweep")
public record ToySweep(double limit) implements CleanDataDefense {

  /** How often the scores were drawn. */
  public static final AtomicInteger SCORED = new AtomicInteger();

  /** How many of the next trials are killed once they have the scores. */
  public static final AtomicInteger KILLS = new AtomicInteger();

  /** A number that the next trials find. */
  static final AtomicInteger MACHINE = new AtomicInteger();

  private static final String SCORES = "scores";

  /** Makes grid files know it. */
  public static void register() {
    Defenses.REGISTRY.add(new ToySweep(0.5));
    SCORED.set(0);
    KILLS.set(0);
    MACHINE.set(0);
  }

  @Override
  public double imagePasses(DataSizes sizes) {
    return sizes.clean() * sizes.classes();
  }

  @Override
  public boolean sharesWork() {
    return true;
  }

  @Override
  public void repair(Classifier victim, CleanData data) {
    NDArray head = victim.head().weight();
    int inputs = (int) head.getShape().get(1);
    float[] scores =
        data.once("scores", random -> scores(inputs, random)).tensors().get(SCORES).values();
    if (KILLS.getAndUpdate(left -> Math.max(0, left - 1)) > 0) {
      throw new StoreException("killed", true);
    }
    float[] kept = new float[inputs];
    Findings findings = data.findings();
    for (int i = 0; i < inputs; i++) {
      kept[i] = scores[i] < limit ? 0 : 1;
      if (kept[i] == 0) {
        findings.add(new Findings.Channel("linear", i, scores[i], limit));
      }
    }
    head.muli(victim.manager().create(kept));

    HoldOut split = data.holdOut(0.4);
    int[] predictions = victim.predict(split.validation());
    double acc = LabeledImages.percentEqual(predictions, split.validation().labels());
    findings.add(new Findings.Point("validation-acc", limit, acc));
    findings.add(new Findings.ScoredClass(0, 1.5, false));
    findings.add(new Findings.ScoredClass(1, 2.5, true));
    findings.verdict(true);
    findings.count("draw", data.random("draw").nextInt(1_000_000));
    findings.count("machine", MACHINE.get());
  }

  private static SafeTensors scores(int inputs, RandomGenerator random) {
    SCORED.incrementAndGet();
    float[] scores = new float[inputs];
    for (int i = 0; i < inputs; i++) {
      scores[i] = random.nextFloat();
    }
    return new SafeTensors(Map.of(SCORES, new SafeTensors.Tensor(new long[] {inputs}, scores)));
  }
}
