package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.model.io.TorchObjects.Storage;
import io.backdoorgrid.model.io.TorchObjects.View;
import java.io.IOException;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;

/** Tensors of their own from looks at shared storages. */
final class TorchTensors {

  /** Gives the bytes of a storage. */
  interface Source {
    byte[] read(Storage storage) throws IOException;
  }

  /** Tied weights are stored once and read twice; a model does not grow beyond that. */
  private static final int MOST_GROWTH = 4;

  private static final int SMALL = 1 << 20;

  private TorchTensors() {}

  /**
   * @param fileBytes length of the file, which bounds what is made of it
   */
  static Map<String, StoredTensor> of(Map<String, View> views, Source source, long fileBytes)
      throws IOException {
    long left = MOST_GROWTH * fileBytes + SMALL;
    Map<String, byte[]> storages = new HashMap<>();
    var tensors = new LinkedHashMap<String, StoredTensor>();
    for (Map.Entry<String, View> entry : views.entrySet()) {
      View view = entry.getValue();
      Storage storage = view.storage();
      left -= TensorSizes.bytes(entry.getKey(), view.shape(), storage.type());
      if (!storages.containsKey(storage.key())) {
        left -= storage.count() * storage.type().bytes();
        require(left >= 0, "the tensors are larger than the file");
        byte[] bytes = source.read(storage);
        require(
            bytes.length >= storage.count() * storage.type().bytes(),
            "storage %s has %d bytes for %d numbers",
            storage.key(),
            bytes.length,
            storage.count());
        storages.put(storage.key(), bytes);
      }
      require(left >= 0, "the tensors are larger than the file");
      tensors.put(entry.getKey(), tensor(view, storages.get(storage.key())));
    }
    return tensors;
  }

  private static StoredTensor tensor(View view, byte[] storage) {
    NumberType type = view.storage().type();
    long[] shape = view.shape();
    int size = (int) TensorSizes.size("", shape);
    byte[] data = new byte[size * type.bytes()];
    long[] at = new long[shape.length];
    long source = view.offset();
    for (int i = 0; i < size; i++) {
      // The offset was held against the count, this storage's bytes may belong to another's view.
      long from = source * type.bytes();
      require(from + type.bytes() <= storage.length, "a tensor reaches behind its storage");
      System.arraycopy(storage, (int) from, data, i * type.bytes(), type.bytes());
      for (int edge = shape.length - 1; edge >= 0; edge--) {
        source += view.strides()[edge];
        if (++at[edge] < shape[edge]) {
          break;
        }
        source -= shape[edge] * view.strides()[edge];
        at[edge] = 0;
      }
    }
    return new StoredTensor(type, shape, data);
  }
}
