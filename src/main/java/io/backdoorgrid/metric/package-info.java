/**
 * What is measured of a trial and shown of it, each described once: ACC, ASR, RA, DER and the like.
 * Grid files, rows, tables and evaluations all go by these descriptions.
 *
 * <p>Sees the JDK alone.
 */
package io.backdoorgrid.metric;
