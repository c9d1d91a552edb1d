/**
 * The contracts of attacks by what the attacker controls, the traces of an attack (trigger, goal,
 * poisoned set), and the registry of all attacks. Attacks see no defense, no store and no Spark.
 */
package io.backdoorgrid.attack;
