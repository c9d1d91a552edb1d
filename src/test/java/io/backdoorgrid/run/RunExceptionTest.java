package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.store.StoreException;
import java.util.concurrent.CompletionException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunExceptionTest {

  @Test
  void tellsTheReasonBelowTheLayersOfSpark() {
    var lost = new StoreException("cannot write results to hdfs:///x", true);
    RunException error =
        RunException.of(new CompletionException(new SparkException("Job aborted: Task 0", lost)));
    assertThat(error).hasMessage("the run was cut off: cannot write results to hdfs:///x");
    assertThat(error.storeLost()).isTrue();
  }

  @Test
  void tellsThatNoMachineIsLeft() {
    var spark =
        new SparkException(
            """
            Job aborted due to stage failure:
            Aborting TaskSet 0.0 because task 0 (partition 0)
            cannot run anywhere due to node and executor excludeOnFailure.
            """);
    assertThat(RunException.of(new CompletionException(spark)))
        .hasMessage(
            "the run was cut off: no machine is left for a task of which attempts were lost on"
                + " each");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      textBlock =
          """
          Cannot call methods on a stopped SparkContext. | on a cluster, the logs of its master and workers say why
          Job 3 cancelled because SparkContext was shut down | on a cluster, the logs of its master and workers say why
          Job aborted due to stage failure: Master removed our application: FAILED | no executor starts
          Job aborted due to stage failure: Task 0 failed 4 times | Task 0 failed 4 times
          """)
  void tellsWhatSparkMeans(String report, String meaning) {
    assertThat(RunException.of(new SparkException(report)))
        .hasMessageStartingWith("the run was cut off: ")
        .hasMessageContaining(meaning);
  }
}
