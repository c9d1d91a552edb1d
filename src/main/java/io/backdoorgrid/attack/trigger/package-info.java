/**
 * Triggers and tools that several attacks share: overlays, shifts, stencils, adversarial
 * perturbations.
 */
package io.backdoorgrid.attack.trigger;
