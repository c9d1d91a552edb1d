package io.backdoorgrid.run.outside;

import io.backdoorgrid.data.Normalization;
import io.backdoorgrid.model.io.ModelFile;
import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.model.io.NumberType;
import io.backdoorgrid.model.io.StatedNormalization;
import io.backdoorgrid.model.io.StoredTensor;
import io.backdoorgrid.torch.SafeTensors;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A network of ours in a file that others read, with what its weights do not tell. */
public final class ExportedModel {

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
    metadata.putAll(StatedNormalization.notes(normalization));
    metadata.putAll(notes);
    return new ModelFile(container, tensors, Map.of(), List.of(), "").with(Map.of(), metadata);
  }
}
