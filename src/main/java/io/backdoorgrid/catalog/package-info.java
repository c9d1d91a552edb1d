/**
 * Everything that a grid file may name, and which combinations are impossible: the registries of
 * all kinds behind the one interface that the grid sees. It may see every algorithm; only run and
 * above see it.
 */
package io.backdoorgrid.catalog;
