/**
 * Reads grid files: YAML with the place of every token, profiles and options laid over it, axes
 * expanded into cells. Mistakes name file, line, key and the nearest valid name.
 */
package io.backdoorgrid.grid.read;
