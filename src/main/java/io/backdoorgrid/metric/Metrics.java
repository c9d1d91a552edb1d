package io.backdoorgrid.metric;

import io.backdoorgrid.metric.Metric.Better;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/** The metrics that there are. */
public final class Metrics {

  /** Clean test images that are classified correctly. */
  public static final Evaluated ACC = new Evaluated("acc", Better.HIGHER, true);

  /** Triggered test images that are classified as the attacker wants. */
  public static final Evaluated ASR = new Evaluated("asr", Better.LOWER, true);

  /** Triggered test images that are classified correctly in spite of the trigger. */
  public static final Evaluated RA = new Evaluated("ra", Better.HIGHER, true);

  /**
   * Test images with a change similar to the trigger, classified correctly; only some attacks
   * define such a change.
   */
  public static final Evaluated CROSS = new Evaluated("cross", Better.HIGHER, false);

  /** What the defense took, without the evaluation. */
  public static final Derived SECONDS =
      new Derived(
          "seconds",
          "seconds",
          Unit.SECONDS,
          Better.LOWER,
          Set.of("seconds"),
          row -> row.applyAsDouble("seconds"));

  /** The clean accuracy that the defense costs; negative if it gains some. */
  public static final Derived ACC_DROP =
      new Derived(
          "acc-drop",
          "ACC drop",
          Unit.POINTS,
          Better.LOWER,
          Set.of(ACC.column(), ACC.victimColumn()),
          row -> drop(ACC, row));

  /**
   * Defense effectiveness rating, (max(0, ASR drop) - max(0, ACC drop) + 1) / 2 with both drops as
   * shares, in percent: 50 where nothing is gained or lost, 100 where the ASR falls from 100 to 0
   * at no cost. A defense that destroys the model still gets more than 50, so it belongs beside ACC
   * and not in its place.
   */
  public static final Derived DER =
      new Derived(
          "der",
          "DER",
          Unit.PERCENT,
          Better.HIGHER,
          Set.of(ACC.column(), ACC.victimColumn(), ASR.column(), ASR.victimColumn()),
          row -> (Math.max(0, drop(ASR, row)) - Math.max(0, drop(ACC, row)) + 100) / 2);

  /** What an evaluation measures, in the order in which rows have it. */
  public static final List<Evaluated> EVALUATED = List.of(ACC, ASR, RA, CROSS);

  /** What a table can show. */
  public static final List<Metric> STANDARD = List.of(ACC, ASR, RA, CROSS, SECONDS, DER, ACC_DROP);

  private Metrics() {}

  private static double drop(Evaluated metric, ToDoubleFunction<String> row) {
    return row.applyAsDouble(metric.victimColumn()) - row.applyAsDouble(metric.column());
  }
}
