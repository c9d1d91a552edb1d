package io.backdoorgrid.data;

/** Mean and deviation per channel, on the scale 0 to 1, by which networks normalize their input. */
public record Normalization(float[] mean, float[] deviation) {}
