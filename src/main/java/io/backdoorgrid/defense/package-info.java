/**
 * The contracts of defenses, one per threat model, and the registry of all defenses. Each package
 * below holds the defenses of one threat model or paper. None sees an attack, the store or Spark.
 */
package io.backdoorgrid.defense;
