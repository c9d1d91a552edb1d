/**
 * Rows for people: {@code table} arranges them as a grid file asks, {@code published} holds what
 * papers print beside them.
 *
 * <p>Sees the grid, the store and the metrics; no cluster and no networks.
 */
package io.backdoorgrid.report;
