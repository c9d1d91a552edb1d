/**
 * The thin layer over DJL and libtorch: operators, layers, precision, gradients, optimisers,
 * weights in and out. It knows no network.
 */
package io.backdoorgrid.torch;
