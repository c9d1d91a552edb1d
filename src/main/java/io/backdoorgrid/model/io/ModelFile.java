package io.backdoorgrid.model.io;

import static io.backdoorgrid.model.io.ModelFileException.require;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The weights in a file, as they are named there.
 *
 * @param container how the file holds them
 * @param tensors by name, in the file's order
 * @param metadata of a safetensors file
 * @param calls what PyTorch would import, create or call on loading the file, beyond what weights
 *     need
 * @param key under which a dictionary of the file had the weights, such as {@code state_dict};
 *     empty if it was the weights
 */
public record ModelFile(
    Container container,
    Map<String, StoredTensor> tensors,
    Map<String, String> metadata,
    List<String> calls,
    String key) {

  /** The kinds of files. */
  public enum Container {
    SAFETENSORS("safetensors"),
    PYTORCH("PyTorch"),
    LEGACY_PYTORCH("PyTorch, before 1.6"),
    TORCHSCRIPT("TorchScript");

    private final String words;

    Container(String words) {
      this.words = words;
    }

    @Override
    public String toString() {
      return words;
    }
  }

  private static final byte[] ZIP = {'P', 'K', 3, 4};
  private static final byte[] LEGACY = {(byte) 0x80, 2, (byte) 0x8a, 10, 0x6c, (byte) 0xfc};
  private static final int TAR_MAGIC = 257;
  private static final String INDEX = ".index.json";

  /**
   * Reads a file. What its name ends with does not matter, but for the index of a model in several
   * safetensors files.
   *
   * @param key of the dictionary with the weights, if the file has several
   * @throws ModelFileException if it is none of the known kinds, or a damaged one
   */
  public static ModelFile read(Path file, Optional<String> key) {
    try {
      return ofKnownKind(file, key);
    } catch (EOFException e) {
      throw new ModelFileException("the file ends early").in(file);
    } catch (IOException e) {
      throw new ModelFileException(String.valueOf(e.getMessage())).in(file);
    } catch (ModelFileException e) {
      throw e.in(file);
    }
  }

  private static ModelFile ofKnownKind(Path file, Optional<String> key) throws IOException {
    require(Files.isRegularFile(file), "no such file");
    if (file.getFileName().toString().endsWith(INDEX)) {
      return SafeTensorsFile.readShards(file);
    }
    byte[] start = start(file);
    if (begins(start, ZIP)) {
      return TorchZip.read(file, key);
    }
    if (begins(start, LEGACY)) {
      return TorchLegacy.read(file, key);
    }
    require(
        !(start.length > TAR_MAGIC + 5
            && new String(start, TAR_MAGIC, 5, StandardCharsets.ISO_8859_1).equals("ustar")),
        "a tar file, as PyTorch wrote before 0.1.10; load and save it with a later PyTorch");
    require(
        start.length > 8 && start[8] == '{', "neither a safetensors file nor one of torch.save");
    return SafeTensorsFile.read(file);
  }

  /**
   * The file with other numbers in its tensors, in the same container and under the same names; one
   * of PyTorch's older containers is written as its newer one.
   *
   * @param tensors by name
   * @param notes for the metadata of a safetensors file
   */
  public byte[] with(Map<String, StoredTensor> tensors, Map<String, String> notes) {
    var all = new LinkedHashMap<>(this.tensors);
    all.putAll(tensors);
    if (container == Container.SAFETENSORS) {
      var texts = new LinkedHashMap<>(metadata);
      texts.putAll(notes);
      return SafeTensorsFile.write(all, texts);
    }
    try {
      return TorchZip.write(all, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // to memory
    }
  }

  private static byte[] start(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return in.readNBytes(512);
    }
  }

  private static boolean begins(byte[] file, byte[] with) {
    for (int i = 0; i < with.length; i++) {
      if (i >= file.length || file[i] != with[i]) {
        return false;
      }
    }
    return true;
  }
}
