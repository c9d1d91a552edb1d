/** The input-aware attack: a trained pattern for each image. */
package io.backdoorgrid.attack.inputaware;
