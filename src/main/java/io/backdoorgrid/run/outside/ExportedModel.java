package io.backdoorgrid.run.outside;

import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.io.ModelFile;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.model.io.NumberType;
import io.backdoorgrid.model.io.StoredTensor;
import io.backdoorgrid.torch.SafeTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** A network of ours in a file that others read, with what its weights do not tell. */
public final class ExportedModel {

  private static final String MEAN = "normalization_mean";
  private static final String DEVIATION = "normalization_deviation";

  private ExportedModel() {}

  /**
   * The bytes of a file.
   *
   * @param container safetensors, or PyTorch for a state_dict
   * @param notes for the metadata of a safetensors file
   */
  public static byte[] bytes(
      SafeTensors weights,
      Normalization normalization,
      Container container,
      Map<String, String> notes) {
    var tensors = new LinkedHashMap<String, StoredTensor>();
    weights
        .tensors()
        .forEach(
            (name, tensor) -> {
              ByteBuffer data =
                  ByteBuffer.allocate(tensor.values().length * Float.BYTES)
                      .order(ByteOrder.LITTLE_ENDIAN);
              data.asFloatBuffer().put(tensor.values());
              tensors.put(name, new StoredTensor(NumberType.F32, tensor.shape(), data.array()));
            });
    var metadata = new LinkedHashMap<>(Map.of("format", "pt"));
    metadata.put(MEAN, text(normalization.mean()));
    metadata.put(DEVIATION, text(normalization.deviation()));
    metadata.putAll(notes);
    return new ModelFile(container, tensors, Map.of(), List.of(), "").with(Map.of(), metadata);
  }

  private static String text(float[] values) {
    return IntStream.range(0, values.length)
        .mapToObj(i -> Float.toString(values[i]))
        .collect(Collectors.joining(","));
  }

  /** What a file says of its normalization, if it does. */
  static Optional<Normalization> normalization(ModelFile file) {
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
