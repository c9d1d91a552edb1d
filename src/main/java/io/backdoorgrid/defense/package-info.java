/**
 * What a defense is, sorted by what it may see, and the registry of all of them. Each room below
 * holds the defenses of one threat model or paper. None sees an attack, the store or Spark.
 */
package io.backdoorgrid.defense;
