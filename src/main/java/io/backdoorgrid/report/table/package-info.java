/**
 * Tables: {@link io.backdoorgrid.report.table.Tables} lays out the cells of a plan and fills them,
 * a {@link io.backdoorgrid.report.table.TableFormat} writes them down.
 *
 * <p>May look at {@code report.published}.
 */
package io.backdoorgrid.report.table;
