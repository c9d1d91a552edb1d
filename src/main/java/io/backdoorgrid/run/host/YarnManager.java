package io.backdoorgrid.run.host;

import io.backdoorgrid.run.RunException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import org.apache.hadoop.yarn.api.records.NodeState;
import org.apache.hadoop.yarn.api.records.Resource;
import org.apache.hadoop.yarn.api.records.ResourceInformation;
import org.apache.hadoop.yarn.client.api.YarnClient;
import org.apache.hadoop.yarn.conf.HAUtil;
import org.apache.hadoop.yarn.conf.YarnConfiguration;
import org.apache.hadoop.yarn.exceptions.YarnException;
import org.apache.spark.SparkConf;
import org.apache.spark.deploy.SparkHadoopUtil;

/** The resource manager of Hadoop YARN. */
final class YarnManager implements ClusterManager {

  private static final String OVERHEAD = "spark.executor.memoryOverhead";

  private final SparkConf conf;
  private final YarnConfiguration yarn;

  YarnManager(SparkConf conf) {
    this.conf = conf;
    this.yarn = new YarnConfiguration(SparkHadoopUtil.get().newConfiguration(conf));
  }

  /**
   * Its client tries for a quarter of an hour to connect; a port that is closed says so at once.
   */
  @Override
  public void requireReachable() {
    var reasons = new StringJoiner(", ");
    for (InetSocketAddress address : addresses()) {
      try {
        ClusterManager.connect(address);
        requireSize();
        return;
      } catch (IOException e) {
        reasons.add(
            "%s:%d: %s".formatted(address.getHostString(), address.getPort(), e.getMessage()));
      }
    }
    throw RunException.unmet(
        "no YARN resource manager answers (%s); is HADOOP_CONF_DIR the folder of its yarn-site.xml?"
            .formatted(reasons));
  }

  private List<InetSocketAddress> addresses() {
    if (!HAUtil.isHAEnabled(yarn)) {
      return List.of(address(YarnConfiguration.RM_ADDRESS));
    }
    return HAUtil.getRMHAIds(yarn).stream()
        .map(id -> address(HAUtil.addSuffix(YarnConfiguration.RM_ADDRESS, id)))
        .toList();
  }

  private InetSocketAddress address(String key) {
    return yarn.getSocketAddr(
        key, YarnConfiguration.DEFAULT_RM_ADDRESS, YarnConfiguration.DEFAULT_RM_PORT);
  }

  private void requireSize() {
    Size asked = asked();
    Size largest;
    try (YarnClient client = YarnClient.createYarnClient()) {
      client.init(yarn);
      client.start();
      if (client.getNodeReports(NodeState.RUNNING).isEmpty()) {
        throw RunException.unmet(
            "no node manager has joined YARN; start some: yarn --daemon start nodemanager");
      }
      largest =
          size(
              client
                  .createApplication()
                  .getNewApplicationResponse()
                  .getMaximumResourceCapability());
    } catch (IOException | YarnException e) {
      throw RunException.notStarted(e);
    }
    if (!largest.hasRoomFor(asked)) {
      throw RunException.unmet(
          "YARN has no room for an executor of %s (memory with spark.executor.memoryOverhead); it gives up to %s; change %s"
              .formatted(asked, largest, largest.toChange(asked)));
    }
  }

  /** With what a container has besides Java's memory. */
  private Size asked() {
    Size java = ClusterManager.asked(conf);
    double factor = conf.getDouble("spark.executor.memoryOverheadFactor", 0.1);
    long least = conf.getSizeAsMb("spark.executor.minMemoryOverhead", "384m");
    long overhead =
        conf.contains(OVERHEAD)
            ? conf.getSizeAsMb(OVERHEAD)
            : Math.max(least, (long) (factor * java.megabytes()));
    return new Size(java.cores(), java.megabytes() + overhead, java.gpus());
  }

  private static Size size(Resource most) {
    long gpus =
        Arrays.stream(most.getResources())
            .filter(resource -> resource.getName().equals(ResourceInformation.GPU_URI))
            .mapToLong(ResourceInformation::getValue)
            .sum();
    return new Size(most.getVirtualCores(), most.getMemorySize(), gpus);
  }

  @Override
  public void requireRoom() {
    // It was asked for before.
  }

  @Override
  public String busy() {
    return "other applications use the nodes of YARN, or the limits of its queue are reached";
  }
}
