package io.backdoorgrid.store.lease;

/**
 * Who runs grids into a store, or did so until it was killed.
 *
 * @param driver in words: {@code ada@node7, process 4711, since 2026-01-01T00:00:00Z}
 * @param lives whether it still does, as far as one can tell without asking it
 */
public record Holder(String driver, boolean lives) {}
