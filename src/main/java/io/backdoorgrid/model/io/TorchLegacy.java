package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.model.io.ModelFile.Container;
import io.backdoorgrid.model.io.TorchObjects.Storage;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The container of {@code torch.save} before PyTorch 1.6: five pickles in a row, the fourth the
 * object and the fifth the keys of its storages, then these one after the other.
 */
final class TorchLegacy {

  private static final long PROTOCOL = 1001;

  private TorchLegacy() {}

  static ModelFile read(Path path, Optional<String> key) throws IOException {
    long length = Files.size(path);
    require(length <= Integer.MAX_VALUE - 8, "a file of over 2 GiB");
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(path));
    Pickle.readPlain(in); // the magic number
    Object protocol = Pickle.readPlain(in);
    require(Long.valueOf(PROTOCOL).equals(protocol), "torch.save's protocol is %s", protocol);
    Object system = Pickle.readPlain(in);
    require(
        system instanceof Pickle.Dictionary dictionary
            && Boolean.TRUE.equals(dictionary.get("little_endian")),
        "the numbers are big endian");
    var calls = new LinkedHashSet<String>();
    Map<String, Storage> mentioned = new HashMap<>();
    var objects =
        new TorchObjects(
            storage -> {
              mentioned.putIfAbsent(storage.key(), storage);
              return storage;
            });
    Object root = Pickle.read(in, objects, calls);
    Object keys = Pickle.readPlain(in);
    require(keys instanceof List<?>, "the file has no list of storages");
    Map<String, byte[]> storages = storages(in, (List<?>) keys, mentioned);
    StateDict found = StateDict.find(root, key);
    Map<String, StoredTensor> tensors =
        TorchTensors.of(
            found.tensors(),
            storage -> {
              byte[] bytes = storages.get(storage.key());
              require(bytes != null, "the storage %s is not there", storage.key());
              return bytes;
            },
            length);
    return new ModelFile(
        Container.LEGACY_PYTORCH, tensors, Map.of(), List.copyOf(calls), found.key());
  }

  private static Map<String, byte[]> storages(
      ByteBuffer in, List<?> keys, Map<String, Storage> mentioned) {
    in.order(ByteOrder.LITTLE_ENDIAN);
    Map<String, byte[]> storages = new HashMap<>();
    for (Object key : keys) {
      Storage storage = mentioned.get(String.valueOf(key));
      require(storage != null, "a storage that no tensor mentions");
      require(in.remaining() >= Long.BYTES, "the storage %s is not there", key);
      long count = in.getLong();
      long bytes = count * storage.type().bytes();
      require(
          count >= 0 && count <= Integer.MAX_VALUE && bytes <= in.remaining(),
          "the storage %s has %d numbers where %d bytes are left",
          key,
          count,
          in.remaining());
      byte[] data = new byte[(int) bytes];
      in.get(data);
      storages.put(storage.key(), data);
    }
    return storages;
  }
}
