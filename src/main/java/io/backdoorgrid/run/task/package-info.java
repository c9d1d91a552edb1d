/**
 * What happens on an executor: a victim is obtained, its trials are run, and each row is committed.
 */
package io.backdoorgrid.run.task;
