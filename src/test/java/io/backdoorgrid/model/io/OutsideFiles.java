package io.backdoorgrid.model.io;

import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.Optional;

/** The files that {@code src/test/python/outside_models.py} made with PyTorch. */
final class OutsideFiles {

  private OutsideFiles() {}

  static Path path(String name) {
    try {
      return Path.of(OutsideFiles.class.getResource(name).toURI());
    } catch (URISyntaxException e) {
      throw new IllegalStateException(e);
    }
  }

  static ModelFile read(String name) {
    return ModelFile.read(path(name), Optional.empty());
  }
}
