/** Defenses that see the weights and nothing else. */
package io.backdoorgrid.defense.datafree;
