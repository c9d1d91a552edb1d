/**
 * Objects such as victims, rows and failures on any Hadoop file system, and the protocol that
 * commits them.
 */
package io.backdoorgrid.store;
