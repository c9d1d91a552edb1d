/**
 * What goes on inside victims: the quantities behind the papers' figures, as sheets of numbers. An
 * analysis is given the trigger's images and helps no defense.
 */
package io.backdoorgrid.analysis;
