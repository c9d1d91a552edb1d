/**
 * Runs plans: what the command line calls. Spark is seen here and in the rooms below, and nowhere
 * else.
 */
package io.backdoorgrid.run;
