/**
 * Images and labels in plain memory, their arithmetic, and splits. Neither DJL nor Spark is seen
 * here.
 */
package io.backdoorgrid.data;
