/**
 * Reads grid files: profiles and options laid over them, axes expanded into cells. Mistakes name
 * file, line, key and the nearest valid name.
 */
package io.backdoorgrid.grid.read;
