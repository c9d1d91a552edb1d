package io.backdoorgrid.model.io;

import io.backdoorgrid.data.Normalization;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The normalization of a network's images in the metadata of its file. */
public final class StatedNormalization {

  private static final String MEAN = "normalization_mean";
  private static final String DEVIATION = "normalization_deviation";

  private StatedNormalization() {}

  /** For the metadata of a file to be written. */
  public static Map<String, String> notes(Normalization normalization) {
    var notes = new LinkedHashMap<String, String>();
    notes.put(MEAN, text(normalization.mean()));
    notes.put(DEVIATION, text(normalization.deviation()));
    return notes;
  }

  private static String text(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(","));
  }

  /** What a file says of it, if it does. */
  public static Optional<Normalization> of(ModelFile file) {
    String mean = file.metadata().get(MEAN);
    String deviation = file.metadata().get(DEVIATION);
    try {
      return mean == null || deviation == null
          ? Optional.empty()
          : Optional.of(new Normalization(floats(mean), floats(deviation)));
    } catch (IllegalArgumentException e) {
      return Optional.empty(); // somebody else's words
    }
  }

  private static float[] floats(String text) {
    double[] values = Arrays.stream(text.split(",")).mapToDouble(Double::parseDouble).toArray();
    if (values.length != 3) {
      throw new IllegalArgumentException("not three channels");
    }
    return new float[] {(float) values[0], (float) values[1], (float) values[2]};
  }
}
