/** The commands, one class each. Nobody depends on them. */
package io.backdoorgrid.cli;
