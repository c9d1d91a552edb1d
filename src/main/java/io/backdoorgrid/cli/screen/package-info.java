/** The output of commands while they work: progress, summaries, names of cells. */
package io.backdoorgrid.cli.screen;
