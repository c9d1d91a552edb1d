/**
 * What an attack is, sorted by what the attacker controls, what it leaves behind (trigger, goal,
 * poisoned set), and the registry of all of them. Attacks see no defense, no store and no Spark.
 */
package io.backdoorgrid.attack;
