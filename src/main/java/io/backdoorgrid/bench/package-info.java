/**
 * Measures how fast this machine trains, evaluates and defends, beside the limit of its
 * convolutions.
 */
package io.backdoorgrid.bench;
