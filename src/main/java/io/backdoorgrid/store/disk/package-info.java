/**
 * Reading, writing and committing files in one step on a local disk, on HDFS and on object stores.
 */
package io.backdoorgrid.store.disk;
