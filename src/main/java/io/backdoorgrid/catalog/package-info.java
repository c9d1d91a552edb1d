/**
 * Everything that a grid file may name, and what cannot be combined: the registries of all kinds
 * behind the one interface that the grid sees. It may see every algorithm; only run and above see
 * it.
 */
package io.backdoorgrid.catalog;
