package io.backdoorgrid.run.schedule;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.backdoorgrid.grid.Plan;
import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.store.Store;
import java.nio.ByteBuffer;
import java.util.LinkedHashMap;
import java.util.List;
import org.apache.commons.codec.digest.DigestUtils;

/** A plan as it is kept beside its results: a changed grid is another one. */
public record FrozenPlan(byte[] json) {

  public static FrozenPlan of(Plan plan) {
    var content = new LinkedHashMap<String, Object>();
    content.put("name", plan.name());
    content.put("trials", plan.trials().size());
    content.put("identity", digest(idsOf(plan.trials())));
    content.put("caption", plan.caption());
    content.put("settings", plan.resolved());
    try {
      return new FrozenPlan(
          new ObjectMapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(content));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] idsOf(List<Trial> trials) {
    var bytes = ByteBuffer.allocate(Math.multiplyExact(Long.BYTES, trials.size()));
    trials.forEach(trial -> bytes.putLong(trial.id().bits()));
    return bytes.array();
  }

  private static String digest(byte[] bytes) {
    return DigestUtils.sha256Hex(bytes).substring(0, 16);
  }

  public void commit(Store store) {
    store.commitPlan(json);
  }
}
