package io.backdoorgrid.defense;

/**
 * How much a defense has to work on.
 *
 * @param clean images that a clean-data defense may see
 * @param training images of the victim's training set
 * @param classes of the data set
 */
public record DataSizes(double clean, double training, int classes) {}
