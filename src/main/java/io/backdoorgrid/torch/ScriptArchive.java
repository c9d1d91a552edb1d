package io.backdoorgrid.torch;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/**
 * Packs TorchScript source into the archive format that libtorch loads.
 *
 * <p>This is the way to operators that DJL's {@code NDArray} lacks (bfloat16 casts, fused
 * optimizers, {@code autograd.grad}): the source text is compiled by libtorch itself, without
 * Python.
 */
final class ScriptArchive {

  /** The pickle of an object of class {@code __torch__.Ops} with {@code training = True}. */
  private static final byte[] OBJECT = pickledModule("__torch__", "Ops");

  /** The pickle of an empty tuple: no tensor constants. */
  private static final byte[] NO_CONSTANTS = {(byte) 0x80, 2, ')', '.'};

  private static final byte[] FORMAT_VERSION = ascii("3\n");

  private ScriptArchive() {}

  /** The archive of a module whose class {@code Ops} is defined by {@code source}. */
  static byte[] of(String source) {
    var bytes = new ByteArrayOutputStream();
    try (var zip = new ZipOutputStream(bytes)) {
      store(zip, "ops/data.pkl", OBJECT);
      store(zip, "ops/code/__torch__.py", source.getBytes(StandardCharsets.UTF_8));
      store(zip, "ops/constants.pkl", NO_CONSTANTS);
      store(zip, "ops/version", FORMAT_VERSION);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** libtorch maps entries into memory and therefore refuses compressed ones. */
  private static void store(ZipOutputStream zip, String name, byte[] content) throws IOException {
    var crc = new CRC32();
    crc.update(content);
    var entry = new ZipEntry(name);
    entry.setMethod(ZipEntry.STORED);
    entry.setSize(content.length);
    entry.setCrc(crc.getValue());
    zip.putNextEntry(entry);
    zip.write(content);
    zip.closeEntry();
  }

  private static byte[] pickledModule(String module, String name) {
    var out = new ByteArrayOutputStream();
    out.writeBytes(new byte[] {(byte) 0x80, 2, 'c'});
    out.writeBytes(ascii(module + "\n" + name + "\n"));
    out.writeBytes(new byte[] {'q', 0, ')', (byte) 0x81, '}', '(', 'X', 8, 0, 0, 0});
    out.writeBytes(ascii("training"));
    out.writeBytes(new byte[] {'q', 1, (byte) 0x88, 'u', 'b', 'q', 2, '.'});
    return out.toByteArray();
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
