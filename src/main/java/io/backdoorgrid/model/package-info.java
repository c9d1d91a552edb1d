/**
 * Networks with weights: classifiers of images, and what else predicts. A model knows neither who
 * trains it nor what it is attacked or defended by.
 */
package io.backdoorgrid.model;
