/**
 * Classifiers and feature extractors: a network with its weights, and what turns raw images into
 * its input. The networks are in {@code net}, small classifiers of features in {@code head}.
 *
 * <p>May use {@code net}, {@code torch}, {@code data} and {@code algorithm}; nothing here knows how
 * a model is trained, attacked or defended.
 */
package io.backdoorgrid.model;
