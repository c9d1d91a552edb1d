package io.backdoorgrid.run;

import io.backdoorgrid.run.SparkInstallation.Master;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.server.MiniYARNCluster;

/** Hadoop's own YARN in this process, of a resource manager and a node manager. */
final class LoopbackYarn implements AutoCloseable {
  static final int CORES = 4;
  static final int MEGABYTES = 6_144;

  private final Path folder;
  private final MiniYARNCluster yarn = new MiniYARNCluster("yarn", 1, 1, 1);

  /**
   * @param folder for its configuration and whatever its containers write
   */
  LoopbackYarn(Path folder) {
    this.folder = folder;
    System.setProperty("test.build.data", folder.resolve("yarn").toString());
    var conf = new YarnConfiguration();
    conf.setInt(YarnConfiguration.NM_VCORES, CORES);
    conf.setInt(YarnConfiguration.YARN_MINICLUSTER_NM_PMEM_MB, MEGABYTES);
    conf.setInt(YarnConfiguration.RM_SCHEDULER_MINIMUM_ALLOCATION_MB, 64);
    // What a container really takes is not at stake, nor how full this machine's disk is.
    conf.setBoolean(YarnConfiguration.NM_PMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.NM_VMEM_CHECK_ENABLED, false);
    conf.setBoolean(YarnConfiguration.NM_DISK_HEALTH_CHECK_ENABLE, false);
    conf.set("yarn.scheduler.capacity.root.queues", "default");
    conf.set("yarn.scheduler.capacity.root.default.capacity", "100");
    // An application master beside its executors on this small cluster.
    conf.set("yarn.scheduler.capacity.maximum-am-resource-percent", "0.5");
    yarn.init(conf);
    yarn.start();
  }

  Master master() throws IOException {
    Path site = Files.createDirectories(folder.resolve("conf")).resolve("yarn-site.xml");
    try (OutputStream out = Files.newOutputStream(site)) {
      yarn.getConfig().writeXml(out);
    }
    return new Master("yarn", "yarn", Map.of("HADOOP_CONF_DIR", site.getParent().toString()));
  }

  /** Where its resource manager is. */
  String address() {
    return yarn.getConfig().get(YarnConfiguration.RM_ADDRESS);
  }

  /** The executors of all applications that run now. */
  static List<ProcessHandle> executors() {
    return ProcessHandle.current()
        .descendants()
        .filter(
            process ->
                process
                    .info()
                    .commandLine()
                    .filter(line -> line.contains("YarnCoarseGrainedExecutorBackend"))
                    .filter(line -> !line.contains("bash"))
                    .isPresent())
        .toList();
  }

  @Override
  public void close() {
    yarn.stop();
  }
}
