package io.backdoorgrid.torch;

import ai.djl.ndarray.NDArray;
import ai.djl.ndarray.NDManager;
import io.backdoorgrid.torch.SafeTensors.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.Map;

/** What remembers something from one step of a training to the next. */
public interface Stateful {

  /** All that it remembers. */
  Map<String, Tensor> state();

  /**
   * Makes it remember that instead.
   *
   * @param state as {@link #state} gave it
   */
  void restore(Map<String, Tensor> state);

  /** Arrays that are changed in place. */
  static Stateful of(Map<String, NDArray> arrays) {
    return new Stateful() {
      @Override
      public Map<String, Tensor> state() {
        var tensors = new LinkedHashMap<String, Tensor>();
        arrays.forEach((name, array) -> tensors.put(name, SafeTensors.of(array)));
        return tensors;
      }

      @Override
      public void restore(Map<String, Tensor> state) {
        if (arrays.isEmpty()) {
          return;
        }
        var targets = new ArrayList<>(arrays.values());
        try (NDManager scope = targets.get(0).getManager().newSubManager()) {
          var values = new ArrayList<NDArray>();
          arrays.forEach(
              (name, array) ->
                  values.add(scope.create(state.get(name).values(), array.getShape())));
          Ops.average(targets, values, 1);
        }
      }
    };
  }

  /** Arrays that are told apart by their number. */
  static Map<String, NDArray> numbered(String prefix, Iterable<NDArray> arrays) {
    var named = new LinkedHashMap<String, NDArray>();
    for (NDArray array : arrays) {
      named.put(prefix + named.size(), array);
    }
    return named;
  }
}
