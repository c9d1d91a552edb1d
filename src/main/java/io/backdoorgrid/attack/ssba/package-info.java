/** The sample-specific attack: bits hidden by a trained encoder. */
package io.backdoorgrid.attack.ssba;
