package io.backdoorgrid.run.host;

/** Kubernetes, which says on its own pages what keeps a pod from starting. */
record Kubernetes() implements ClusterManager {

  @Override
  public void requireReachable() {
    // Spark asks for a pod at once, and ends with the reason if nobody answers.
  }

  @Override
  public void requireRoom() {
    // The cluster may be about to grow.
  }

  @Override
  public String busy() {
    return "no executor has started; \"kubectl get pods -l spark-role=executor\" and \"kubectl"
        + " describe pod\" of one that is pending say what it lacks";
  }
}
