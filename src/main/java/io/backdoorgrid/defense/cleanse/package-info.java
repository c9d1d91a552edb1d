/** Neural Cleanse: triggers reversed from a network, a verdict by their sizes, and unlearning. */
package io.backdoorgrid.defense.cleanse;
