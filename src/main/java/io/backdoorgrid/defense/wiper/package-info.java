/** WIPER and the importance measures, penalties and ablations of its paper. */
package io.backdoorgrid.defense.wiper;
