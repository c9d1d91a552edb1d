/**
 * From a grid file to a plan: reading with line and column, overlays, expansion, identity.
 *
 * <p>It knows no algorithm: names, defaults and checks come from a {@link
 * io.backdoorgrid.grid.Catalog}.
 */
package io.backdoorgrid.grid;
