/** The driver: what waits for what, what it costs, and jobs for Spark, the longest first. */
package io.backdoorgrid.run.schedule;
