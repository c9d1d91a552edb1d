package io.backdoorgrid.store;

import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;

/** A file system that processes share over the network. */
public interface SharedDisk extends AutoCloseable {

  /** Of its root. */
  String uri();

  /** What Hadoop must know of it. */
  Map<String, String> settings();

  default Configuration configuration() {
    var conf = new Configuration();
    settings().forEach(conf::set);
    return conf;
  }

  @Override
  void close();

  /**
   * Serves until it is killed, for scripts; prints its URI, a setting per line, and {@code ready}.
   *
   * @param arguments {@code hdfs} or {@code s3}, and a folder
   */
  static void main(String[] arguments) throws Exception {
    var folder = Path.of(arguments[1]);
    SharedDisk disk = arguments[0].equals("s3") ? new S3Server(folder) : new HdfsServer(folder);
    Runtime.getRuntime().addShutdownHook(new Thread(disk::close));
    System.out.println(disk.uri());
    disk.settings().forEach((key, value) -> System.out.println(key + "=" + value));
    System.out.println("ready");
    Thread.currentThread().join();
  }
}
