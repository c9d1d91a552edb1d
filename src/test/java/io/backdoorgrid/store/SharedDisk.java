package io.backdoorgrid.store;

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
}
