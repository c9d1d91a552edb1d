/**
 * The metrics of a trial, each described once: ACC, ASR, RA, DER and others. Grid files, rows,
 * tables and evaluations all use these descriptions.
 *
 * <p>Sees the JDK alone.
 */
package io.backdoorgrid.metric;
