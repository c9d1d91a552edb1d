/** Attacks that change some training images and do not control the training. */
package io.backdoorgrid.attack.poisoning;
