/** Batches for training: order, augmentation and views of images. */
package io.backdoorgrid.data.batch;
