package io.backdoorgrid.run.victim;

import io.backdoorgrid.model.Classifier;

/**
 * An extractor in memory.
 *
 * @param network of which only the features count
 * @param seconds what its training took, whenever that was
 */
public record PretrainedExtractor(Classifier network, double seconds) implements AutoCloseable {

  @Override
  public void close() {
    network.close();
  }
}
