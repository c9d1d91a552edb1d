package io.backdoorgrid.store;

import java.util.List;
import java.util.Map;

/**
 * What reading every byte of a store found.
 *
 * @param sound how many there are, by the folder: {@code rows}, {@code victims}
 * @param damaged what is not as it was once written, and why; it counts as missing, so a run
 *     creates it again
 * @param leftovers what lies under {@code .tmp}, which nobody reads
 */
public record Verification(
    Map<String, Integer> sound, List<String> damaged, List<String> leftovers) {}
