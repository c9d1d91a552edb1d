package io.backdoorgrid.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.backdoorgrid.store.StoreException;
import java.util.concurrent.CompletionException;
import org.apache.spark.SparkException;
import org.junit.jupiter.api.Test;

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
}
