/** The data sets that a grid file may name, a class each, and their registry. */
package io.backdoorgrid.data.set;
