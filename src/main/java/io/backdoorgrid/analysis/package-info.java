/**
 * Analyses of victims: the quantities behind the papers' figures, as sheets of numbers. An analysis
 * receives triggered images and helps no defense.
 */
package io.backdoorgrid.analysis;
