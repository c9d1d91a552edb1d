/**
 * Small networks on top of features: a classifier with one hidden layer, and the projection of
 * contrastive learning. May use {@code model}, {@code torch} and {@code algorithm}.
 */
package io.backdoorgrid.model.head;
