package io.backdoorgrid.store.row;

/**
 * What a compaction did.
 *
 * @param rows that moved
 * @param removed files that are no more
 * @param written files that hold these rows now
 */
public record Compacted(int rows, int removed, int written) {}
