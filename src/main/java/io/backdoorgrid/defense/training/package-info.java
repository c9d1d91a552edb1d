/** Tools shared by defenses that train on the untrusted training set. */
package io.backdoorgrid.defense.training;
