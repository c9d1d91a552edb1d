package io.backdoorgrid.run.host;

/**
 * What a run computes on.
 *
 * @param tasks that run at the same time
 * @param threads of each
 * @param where in words: {@code 2 cores}, {@code 1 GPU}, or the master's URL
 */
public record Slots(int tasks, int threads, String where) {}
