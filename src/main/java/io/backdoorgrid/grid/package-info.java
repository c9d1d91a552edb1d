/**
 * What a grid file means: settings and their axes, victims and trials with their ids, the plan.
 *
 * <p>It knows no algorithm: names, defaults and checks come from a {@link
 * io.backdoorgrid.grid.Catalog}. {@link io.backdoorgrid.grid.read} makes plans of files.
 */
package io.backdoorgrid.grid;
