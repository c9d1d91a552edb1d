/** Defenses that train on the untrusted training set, and tools that they share. */
package io.backdoorgrid.defense.training;
