package io.backdoorgrid.run;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;

/**
 * How a plan is run. Nothing here changes the results, except that the number of threads changes
 * the last digits.
 *
 * @param out URI or path of the store
 * @param dataDirectory folder of the data sets
 * @param threads cores per task; empty to choose by the number of victims
 * @param master Spark's master URL; empty for the one that spark-submit gave, or else this machine
 * @param gpus of this machine, between which its tasks are divided; 0 for none. On a cluster, Spark
 *     gives them
 * @param conf further Spark settings
 * @param retryFailed whether failed trials are tried again
 * @param failFast whether the first failure ends the run
 * @param waits whether to wait while another driver runs into that store
 */
public record RunOptions(
    String out,
    String dataDirectory,
    OptionalInt threads,
    Optional<String> master,
    int gpus,
    Map<String, String> conf,
    boolean retryFailed,
    boolean failFast,
    boolean waits) {}
