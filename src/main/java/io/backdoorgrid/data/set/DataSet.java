package io.backdoorgrid.data.set;

import io.backdoorgrid.data.BadDataException;
import io.backdoorgrid.data.ImageShape;
import io.backdoorgrid.data.LabeledImages;
import io.backdoorgrid.data.Normalization;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A source of training and test images. Implementations are records whose components are
 * hyperparameters.
 */
public interface DataSet {

  /** Training and test images with the constants that networks normalize by. */
  record Images(LabeledImages train, LabeledImages test, Normalization normalization) {}

  /** Of every image. */
  ImageShape shape();

  /** How many training images there are. */
  int trainSize();

  /** How many training images there are of each class, known without reading any. */
  int[] classSizes();

  /** How many test images there are. */
  int testSize();

  /** The folder below the data directory that holds the files, if the data set has files. */
  Optional<String> folder();

  /**
   * Reads or draws all images.
   *
   * @param directory the data directory
   * @throws BadDataException naming the file and what was expected, if files are missing or damaged
   */
  Images load(Path directory);
}
