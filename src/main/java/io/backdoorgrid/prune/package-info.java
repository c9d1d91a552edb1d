/**
 * Tools for pruning that defenses and analyses share: norms of kernels, statistics of scores, and
 * changes to channels together with their batch-norms. It sees networks, not who prunes.
 */
package io.backdoorgrid.prune;
