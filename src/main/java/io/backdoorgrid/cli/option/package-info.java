/** Options that several commands share, and how their values are read. */
package io.backdoorgrid.cli.option;
