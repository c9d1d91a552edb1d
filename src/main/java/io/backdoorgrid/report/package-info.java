/** Rows into tables, with the published numbers beside the measured ones. */
package io.backdoorgrid.report;
