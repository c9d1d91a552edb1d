/**
 * The training loop with its recipes and schedules, losses and listeners. It does not know what a
 * training is for.
 */
package io.backdoorgrid.train;
