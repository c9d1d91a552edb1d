/** Defenses that see the weights and a few clean images. */
package io.backdoorgrid.defense.cleandata;
