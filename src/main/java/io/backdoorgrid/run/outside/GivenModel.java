package io.backdoorgrid.run.outside;

import ai.djl.Device;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.Classifier;
import io.backdoorgrid.model.io.ModelFile;
import io.backdoorgrid.model.io.ModelFileException;
import io.backdoorgrid.model.io.Recognition;
import io.backdoorgrid.torch.Precision;
import io.backdoorgrid.torch.SafeTensors;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.apache.commons.codec.digest.DigestUtils;

/**
 * A network that somebody was given.
 *
 * @param path of its file
 * @param sha256 of that file
 * @param weights under our names
 */
public record GivenModel(
    Path path, String sha256, ModelFile file, Recognition network, SafeTensors weights) {

  /**
   * Reads and recognises one.
   *
   * @param key under which a dictionary has the weights, if there are several
   * @param architecture if it is known
   * @throws ModelFileException if that fails, in one line or in a short table
   */
  public static GivenModel read(Path path, Optional<String> key, Optional<String> architecture) {
    ModelFile file = ModelFile.read(path, key);
    Recognition network = recognised(path, file, architecture);
    return new GivenModel(path, digest(path), file, network, network.weights(file));
  }

  private static Recognition recognised(Path path, ModelFile file, Optional<String> architecture) {
    try {
      return Recognition.of(file, architecture);
    } catch (ModelFileException e) {
      throw e.in(path);
    }
  }

  private static String digest(Path path) {
    try (InputStream in = Files.newInputStream(path)) {
      return DigestUtils.sha256Hex(in);
    } catch (IOException e) {
      throw new ModelFileException(e.getMessage()).in(path);
    }
  }

  /** The network with its weights, in float32 on the processor; to be closed by the caller. */
  public Classifier classifier(ImageShape shape, Normalization normalization) {
    return Classifier.load(
        new Classifier.Design(
            network.architecture(),
            shape,
            network.classes(),
            normalization,
            Precision.FLOAT32,
            Device.cpu()),
        weights);
  }
}
