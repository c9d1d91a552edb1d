/** The work of an executor: obtains a victim, runs its trials, and commits each row. */
package io.backdoorgrid.run.task;
