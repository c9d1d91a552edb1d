/**
 * Triggers that several attacks share, and what they are made of: patterns laid over an image or
 * added to it, patches, places between pixels. It sees the contracts of {@code attack}, not the
 * attacks.
 */
package io.backdoorgrid.attack.trigger;
