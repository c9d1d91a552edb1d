package io.backdoorgrid.analysis;

import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.defense.holder.RankedHead;
import io.backdoorgrid.model.Classifier;
import java.util.Map;
import java.util.Optional;

/**
 * A network and the images for its analysis.
 *
 * @param classifier is left as it is
 * @param test clean test images
 * @param pairs test images that count for the attack, without and with the trigger; empty for a
 *     clean model
 * @param heads by name, that were trained on the images that the network was trained on
 */
public record Subject(
    Classifier classifier,
    LabeledImages test,
    Optional<Pairs> pairs,
    Map<String, RankedHead> heads) {}
