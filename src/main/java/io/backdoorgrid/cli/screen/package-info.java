/** What commands print while they work, and in which words: progress, summaries, names of cells. */
package io.backdoorgrid.cli.screen;
