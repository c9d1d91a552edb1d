/**
 * Networks that somebody was given: what can be told of them, and defenses on them, outside grids.
 */
package io.backdoorgrid.run.outside;
