/**
 * Triggers that several attacks share, and their parts: patterns laid over an image or added to it,
 * patches, interpolation between pixels. It sees the contracts of {@code attack}, not the attacks.
 */
package io.backdoorgrid.attack.trigger;
