/**
 * Rows for people: {@code table} arranges them as a grid file says, {@code published} has the
 * numbers of papers to print beside them.
 *
 * <p>Sees the grid, the store and the metrics; no cluster and no networks.
 */
package io.backdoorgrid.report;
