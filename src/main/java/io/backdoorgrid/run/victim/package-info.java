/**
 * Victims: their data, their training, what they are stored as, and how they are measured. The
 * evaluator is the only one that knows the trigger.
 */
package io.backdoorgrid.run.victim;
