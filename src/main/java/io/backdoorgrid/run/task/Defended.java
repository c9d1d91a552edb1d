package io.backdoorgrid.run.task;

import io.backdoorgrid.run.victim.Measures;
import java.util.Map;

/**
 * What came of a defense.
 *
 * @param after how the model behaves that it gave
 * @param seconds what the defense took
 * @param evaluateSeconds what measuring took
 * @param columns more columns of the trial's row
 */
record Defended(
    Measures after, double seconds, double evaluateSeconds, Map<String, Object> columns) {}
