/**
 * The transcribed tables of papers, and which trials their numbers are about.
 *
 * <p>Knows nothing of tables and figures, which show them.
 */
package io.backdoorgrid.report.published;
