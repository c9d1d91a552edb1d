/** The lease by which at most one driver runs grids into a store, and who has it. */
package io.backdoorgrid.store.lease;
