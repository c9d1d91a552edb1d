/**
 * Networks as lists of layers, and everything that follows from such a list: the computation, the
 * parameters' names, the convolutions with their batch norms and consumers, outputs of inner
 * layers, and the cost. Adding a network means describing it here.
 *
 * <p>May use {@code torch}, {@code data} and {@code algorithm}.
 */
package io.backdoorgrid.model.net;
