package io.backdoorgrid.run.task;

import io.backdoorgrid.run.victim.Measures;
import java.util.Map;

/**
 * The result of a defense.
 *
 * @param after how the repaired model behaves
 * @param seconds what the defense took
 * @param evaluateSeconds what measuring took
 * @param columns more columns of the trial's row
 */
record Defended(
    Measures after, double seconds, double evaluateSeconds, Map<String, Object> columns) {}
