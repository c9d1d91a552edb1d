/** Looking instead of running: analyses of stored victims, and images under attack. */
package io.backdoorgrid.run.view;
