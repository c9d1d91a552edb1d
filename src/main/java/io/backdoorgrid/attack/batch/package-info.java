/** Attacks that compose every batch of an otherwise ordinary training. */
package io.backdoorgrid.attack.batch;
