/** The driver: dependencies and costs of jobs, and their order in Spark, the longest first. */
package io.backdoorgrid.run.schedule;
