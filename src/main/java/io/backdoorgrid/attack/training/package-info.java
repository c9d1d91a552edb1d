/** Attacks that train the victim by a loop of their own. */
package io.backdoorgrid.attack.training;
