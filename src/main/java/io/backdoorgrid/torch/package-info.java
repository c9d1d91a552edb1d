/**
 * The thin layer over DJL and libtorch: operators that DJL's arrays lack, layers, precision,
 * gradients, optimizers, and weights in and out.
 *
 * <p>May use DJL and {@code algorithm}; nobody else calls libtorch past DJL's interfaces.
 */
package io.backdoorgrid.torch;
