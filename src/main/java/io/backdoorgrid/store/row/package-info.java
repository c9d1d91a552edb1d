/** Rows: their columns, their files, and compaction of many files into few. */
package io.backdoorgrid.store.row;
