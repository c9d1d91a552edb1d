/** Attacks that change some training images and leave the training to others. */
package io.backdoorgrid.attack.poisoning;
