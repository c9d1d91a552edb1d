/** Views of results without runs: analyses of stored victims, and images under attack. */
package io.backdoorgrid.run.view;
