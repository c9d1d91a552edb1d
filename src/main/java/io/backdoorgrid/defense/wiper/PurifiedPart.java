package io.backdoorgrid.defense.wiper;

import static io.backdoorgrid.algorithm.Checks.require;

import io.backdoorgrid.model.Classifier;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The part of the network that WIPER changes.
 *
 * @param purifiedLayers {@code fc}, or {@code fc+1conv} and so on with the last convolutions
 * @param neurons what counts as a layer's neurons
 * @param moved which weights fine-tuning moves
 */
public record PurifiedPart(String purifiedLayers, Neurons neurons, Moved moved) {

  private static final String HEAD = "fc";
  private static final Pattern LAYERS = Pattern.compile(HEAD + "(?:\\+([1-9]\\d?)conv)?");

  /** The neurons of a layer. */
  public enum Neurons {
    /** What it reads: a neuron's weights are a column, over all outputs. */
    INPUTS,
    /** What it writes: a neuron's weights are a row, over all inputs. */
    OUTPUTS
  }

  /** The weights that fine-tuning moves. */
  public enum Moved {
    ALL,
    /** Those of the purified layers alone. */
    LAYERS
  }

  public PurifiedPart {
    require(
        LAYERS.matcher(purifiedLayers).matches(),
        "purified-layers must be fc, or a number of convolutions more, such as fc+2conv, got '%s'",
        purifiedLayers);
  }

  /** The inputs of the last layer; all weights move. */
  PurifiedPart() {
    this(HEAD, Neurons.INPUTS, Moved.ALL);
  }

  boolean isInputsOfTheHead() {
    return purifiedLayers.equals(HEAD) && neurons == Neurons.INPUTS;
  }

  /** The layers to purify, the last one first. */
  List<PurifiedLayer> layers(Classifier classifier) {
    Matcher matcher = LAYERS.matcher(purifiedLayers);
    int convolutions =
        matcher.matches() && matcher.group(1) != null ? Integer.parseInt(matcher.group(1)) : 0;
    return neurons == Neurons.INPUTS
        ? PurifiedLayer.byInputs(classifier, convolutions)
        : PurifiedLayer.byOutputs(classifier, convolutions);
  }
}
