package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import io.backdoorgrid.model.io.ModelFile.Container;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipException;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;

/**
 * The container of {@code torch.save} since PyTorch 1.6: a zip file of a pickle and a file per
 * storage, none of them compressed.
 */
final class TorchZip {

  private static final String PICKLE = "data.pkl";
  private static final int MOST_PICKLE = 256 << 20;
  private static final int ALIGNMENT = 64;
  private static final int LOCAL_HEADER = 30;

  /** A field of padding, as PyTorch calls it; four bytes of name and length, then anything. */
  private static final int PADDING_ID = 0x4246;

  private static final int PADDING_HEADER = 4;

  private TorchZip() {}

  static ModelFile read(Path path, Optional<String> key) throws IOException {
    try (var zip = new ZipFile(path.toFile())) {
      String folder = folder(zip);
      require(
          !folder.isEmpty() || zip.getEntry(PICKLE) != null,
          "a zip file without %s: not of torch.save",
          PICKLE);
      ZipEntry order = zip.getEntry(folder + "byteorder");
      require(
          order == null
              || new String(bytes(zip, order, 16), StandardCharsets.US_ASCII).startsWith("little"),
          "the numbers are big endian");
      long length = Files.size(path);
      var calls = new LinkedHashSet<String>();
      byte[] pickle = bytes(zip, zip.getEntry(folder + PICKLE), Math.min(MOST_PICKLE, length));
      Object root =
          Pickle.read(ByteBuffer.wrap(pickle), new TorchObjects(storage -> storage), calls);
      StateDict found = StateDict.find(root, key);
      Map<String, StoredTensor> tensors =
          TorchTensors.of(
              found.tensors(),
              storage -> {
                ZipEntry entry = zip.getEntry(folder + "data/" + storage.key());
                require(entry != null, "the storage %s is not there", storage.key());
                return bytes(zip, entry, length);
              },
              length);
      boolean script = zip.getEntry(folder + "constants.pkl") != null;
      return new ModelFile(
          script ? Container.TORCHSCRIPT : Container.PYTORCH,
          tensors,
          Map.of(),
          List.copyOf(calls),
          found.key());
    } catch (ZipException | IllegalArgumentException e) {
      throw new ModelFileException("a damaged zip file: " + e.getMessage());
    }
  }

  /** The folder that all lies in, with its slash. */
  private static String folder(ZipFile zip) {
    List<String> folders =
        zip.stream()
            .map(ZipEntry::getName)
            .filter(name -> name.matches("[^/]+/" + PICKLE))
            .map(name -> name.substring(0, name.length() - PICKLE.length()))
            .limit(2)
            .toList();
    require(folders.size() <= 1, "a zip file of several models");
    return folders.isEmpty() ? "" : folders.get(0);
  }

  private static byte[] bytes(ZipFile zip, ZipEntry entry, long most) throws IOException {
    require(entry != null, "a file of the zip's directory is not there");
    require(
        entry.getMethod() == ZipEntry.STORED,
        "%s is compressed, which torch.save never does",
        entry.getName());
    require(
        entry.getSize() >= 0 && entry.getSize() <= Math.min(most, Integer.MAX_VALUE - 8),
        "%s has %d bytes",
        entry.getName(),
        entry.getSize());
    try (InputStream in = zip.getInputStream(entry)) {
      byte[] bytes = in.readNBytes((int) entry.getSize());
      require(bytes.length == entry.getSize(), "%s ends early", entry.getName());
      return bytes;
    }
  }

  /**
   * A file that {@code torch.load(weights_only=True)} reads.
   *
   * @param key of a dictionary around the weights; none if empty
   */
  static byte[] write(Map<String, StoredTensor> tensors, String key) throws IOException {
    var file = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(file)) {
      zip.setMethod(ZipOutputStream.STORED);
      add(file, zip, "archive/" + PICKLE, TorchPickle.of(tensors, key));
      add(file, zip, "archive/byteorder", "little".getBytes(StandardCharsets.US_ASCII));
      int number = 0;
      for (StoredTensor tensor : tensors.values()) {
        add(file, zip, "archive/data/" + number++, tensor.data());
      }
      add(file, zip, "archive/version", "3\n".getBytes(StandardCharsets.US_ASCII));
    }
    return file.toByteArray();
  }

  private static void add(
      ByteArrayOutputStream file, ZipOutputStream zip, String name, byte[] bytes)
      throws IOException {
    zip.flush();
    var entry = new ZipEntry(name);
    entry.setTime(0);
    entry.setSize(bytes.length);
    entry.setCompressedSize(bytes.length);
    var crc = new CRC32();
    crc.update(bytes);
    entry.setCrc(crc.getValue());
    int begin = file.size() + LOCAL_HEADER + name.length() + PADDING_HEADER;
    int padding = Math.floorMod(-begin, ALIGNMENT);
    entry.setExtra(
        ByteBuffer.allocate(PADDING_HEADER + padding)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putShort((short) PADDING_ID)
            .putShort((short) padding)
            .array());
    zip.putNextEntry(entry);
    zip.write(bytes);
    zip.closeEntry();
  }
}
