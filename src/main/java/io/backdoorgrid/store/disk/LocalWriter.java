package io.backdoorgrid.store.disk;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import org.apache.hadoop.fs.Path;

/**
 * Writes to a local disk without Hadoop, which starts a chmod process for every file there, and
 * whose rename overwrites and, where it fails, quietly copies instead, so that a kill could leave
 * half a file under the final name.
 */
record LocalWriter() implements Writer {

  @Override
  public void makeFolder(Path folder) throws IOException {
    // createDirectories takes a link to a folder for an obstacle.
    if (!Files.isDirectory(local(folder))) {
      Files.createDirectories(local(folder));
    }
  }

  @Override
  public void write(Path path, byte[] bytes) throws IOException {
    try (FileChannel file =
        FileChannel.open(local(path), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      ByteBuffer rest = ByteBuffer.wrap(bytes);
      while (rest.hasRemaining()) {
        file.write(rest);
      }
      file.force(true);
    }
  }

  @Override
  public void overwrite(Path path, byte[] bytes) throws IOException {
    Files.write(local(path), bytes);
  }

  @Override
  public boolean place(Path from, Path to) throws IOException {
    var source = local(from);
    var target = local(to);
    if (Files.isDirectory(source)) {
      return moveUnlessTaken(source, target);
    }
    try {
      // A hard link is POSIX's "create if absent, with this content".
      Files.createLink(target, source);
    } catch (FileAlreadyExistsException e) {
      return false;
    } catch (UnsupportedOperationException | FileSystemException e) {
      // FAT and some network mounts have no links.
      return moveUnlessTaken(source, target);
    }
    Files.deleteIfExists(source);
    return true;
  }

  @Override
  public void move(Path from, Path to) throws IOException {
    Files.move(local(from), local(to), StandardCopyOption.ATOMIC_MOVE);
  }

  private static boolean moveUnlessTaken(java.nio.file.Path source, java.nio.file.Path target)
      throws IOException {
    if (Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      // POSIX refuses to rename a folder over one that holds anything.
      Files.move(source, target, StandardCopyOption.ATOMIC_MOVE);
      return true;
    } catch (FileSystemException e) {
      if (Files.exists(source) && Files.exists(target, LinkOption.NOFOLLOW_LINKS)) {
        return false;
      }
      throw e;
    }
  }

  private static java.nio.file.Path local(Path path) {
    return java.nio.file.Path.of(path.toUri().getPath());
  }
}
