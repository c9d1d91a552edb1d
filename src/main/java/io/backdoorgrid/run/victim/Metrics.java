package io.backdoorgrid.run.victim;

import java.util.Map;

/**
 * How a classifier behaves, in percent.
 *
 * @param acc clean test images that are classified correctly
 * @param asr triggered test images that are taken for what the attacker wants; NaN without a
 *     backdoor
 * @param ra the same images, classified correctly in spite of the trigger; NaN without a backdoor
 * @param cross test images with a change like the trigger's that is not theirs, classified
 *     correctly; NaN where the attack knows none, or the victim is older than the metric
 */
public record Metrics(double acc, double asr, double ra, double cross) {

  private static final String ACC = "acc";
  private static final String ASR = "asr";
  private static final String RA = "ra";
  private static final String CROSS = "cross";

  /** For a victim's description; undefined metrics are left out, since JSON has no NaN. */
  public void describe(Map<String, Object> description) {
    description.put(ACC, acc);
    if (!Double.isNaN(asr)) {
      description.put(ASR, asr);
      description.put(RA, ra);
    }
    if (!Double.isNaN(cross)) {
      description.put(CROSS, cross);
    }
  }

  static Metrics of(Map<String, Object> description) {
    return new Metrics(
        number(description, ACC),
        number(description, ASR),
        number(description, RA),
        number(description, CROSS));
  }

  private static double number(Map<String, Object> description, String name) {
    return description.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
  }
}
