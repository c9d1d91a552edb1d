package io.backdoorgrid.store;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.hdfs.MiniDFSCluster;

/** A real HDFS of one name node and one data node, in this process. */
public final class HdfsServer implements SharedDisk {
  private final MiniDFSCluster cluster;

  /**
   * @param folder for its blocks
   */
  public HdfsServer(Path folder) throws IOException {
    var conf = new Configuration();
    conf.set("hdfs.minidfs.basedir", folder.toString());
    // Listings of more than one answer.
    conf.setInt("dfs.ls.limit", 10);
    cluster = new MiniDFSCluster.Builder(conf).numDataNodes(1).build();
  }

  @Override
  public String uri() {
    return cluster.getURI().toString();
  }

  @Override
  public Map<String, String> settings() {
    return Map.of();
  }

  @Override
  public void close() {
    cluster.shutdown();
  }
}
