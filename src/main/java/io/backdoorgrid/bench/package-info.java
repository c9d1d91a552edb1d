/** How fast this machine trains, evaluates and defends, beside what its convolutions could do. */
package io.backdoorgrid.bench;
