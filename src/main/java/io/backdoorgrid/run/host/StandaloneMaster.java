package io.backdoorgrid.run.host;

import io.backdoorgrid.run.RunException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.StringJoiner;
import java.util.function.ToLongFunction;
import org.apache.spark.SparkConf;
import org.apache.spark.SparkEnv;
import org.apache.spark.deploy.DeployMessages.MasterStateResponse;
import org.apache.spark.deploy.DeployMessages.RequestMasterState$;
import org.apache.spark.deploy.master.WorkerInfo;
import org.apache.spark.rpc.RpcAddress;
import org.apache.spark.rpc.RpcEndpointRef;
import scala.reflect.ClassTag$;

/** Spark's standalone master. */
final class StandaloneMaster implements ClusterManager {

  static final String SCHEME = "spark://";

  private final SparkConf conf;
  private final String url;

  StandaloneMaster(SparkConf conf, String url) {
    this.conf = conf;
    this.url = url;
  }

  @Override
  public void requireReachable() {
    var reasons = new StringJoiner(", ");
    for (String address : addresses()) {
      RpcAddress at = RpcAddress.fromSparkURL(address);
      try {
        ClusterManager.connect(new InetSocketAddress(at.host(), at.port()));
        return;
      } catch (IOException | IllegalArgumentException e) {
        reasons.add(String.valueOf(e.getMessage()));
      }
    }
    throw RunException.unmet(
        "no Spark master answers at %s (%s); is it running, and is that the address on its page?"
            .formatted(url, reasons));
  }

  /** Several masters are written as {@code spark://one:7077,two:7077}. */
  private List<String> addresses() {
    return Arrays.stream(url.substring(SCHEME.length()).split(","))
        .map(address -> SCHEME + address)
        .toList();
  }

  @Override
  public String busy() {
    return "other applications use the workers of " + url;
  }

  @Override
  public void requireRoom() {
    List<WorkerInfo> workers = workers();
    if (workers.isEmpty()) {
      throw RunException.unmet(
          "no worker has joined %s; start some: $SPARK_HOME/sbin/start-worker.sh %s"
              .formatted(url, url));
    }
    Size asked = ClusterManager.asked(conf);
    if (workers.stream().map(StandaloneMaster::size).noneMatch(w -> w.hasRoomFor(asked))) {
      var largest =
          new Size(
              (int) most(workers, WorkerInfo::cores),
              most(workers, WorkerInfo::memory),
              most(workers, StandaloneMaster::gpus));
      throw RunException.unmet(
          "no worker of %s has room for an executor of %s; they have up to %s; change %s"
              .formatted(url, asked, largest, largest.toChange(asked)));
    }
  }

  private static Size size(WorkerInfo worker) {
    return new Size(worker.cores(), worker.memory(), gpus(worker));
  }

  private List<WorkerInfo> workers() {
    List<WorkerInfo> workers = new ArrayList<>();
    for (String address : addresses()) {
      RpcEndpointRef master =
          SparkEnv.get().rpcEnv().setupEndpointRef(RpcAddress.fromSparkURL(address), "Master");
      MasterStateResponse state =
          master.askSync(
              RequestMasterState$.MODULE$, ClassTag$.MODULE$.apply(MasterStateResponse.class));
      Arrays.stream(state.workers()).filter(WorkerInfo::isAlive).forEach(workers::add);
    }
    return workers;
  }

  private static int gpus(WorkerInfo worker) {
    return worker.resources().contains("gpu")
        ? worker.resources().apply("gpu").availableAddrs().size()
            + worker.resources().apply("gpu").assignedAddrs().size()
        : 0;
  }

  private static long most(List<WorkerInfo> workers, ToLongFunction<WorkerInfo> amount) {
    return workers.stream().mapToLong(amount).max().orElse(0);
  }
}
