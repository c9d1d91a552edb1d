/** Attacks that put every batch of an ordinary training together. */
package io.backdoorgrid.attack.batch;
