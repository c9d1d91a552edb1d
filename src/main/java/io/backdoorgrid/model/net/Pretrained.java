package io.backdoorgrid.model.net;

import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;

/** A network that was trained elsewhere. */
public interface Pretrained {

  /** Name of its architecture in grid files. */
  String architecture();

  /** Channels of its first stage. */
  int width();

  /** Outputs of its last layer. */
  int classes();

  /** Weights and running statistics under our names. */
  SafeTensors givenWeights();

  /** By which it was trained, if that is known; else it is taken to be the data set's. */
  Optional<Normalization> givenNormalization();
}
