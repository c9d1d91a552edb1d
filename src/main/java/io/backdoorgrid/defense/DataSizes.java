package io.backdoorgrid.defense;

/**
 * The amount of data that a defense works on.
 *
 * @param clean images that a clean-data defense may see
 * @param training images of the victim's training set
 * @param classes of the data set
 */
public record DataSizes(double clean, double training, int classes) {}
