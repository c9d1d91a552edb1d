/**
 * Records as algorithms: hyperparameters by reflection, registries, range checks and seeds. It sees
 * the grid, whose catalog entries it makes, and nothing else.
 */
package io.backdoorgrid.algorithm;
