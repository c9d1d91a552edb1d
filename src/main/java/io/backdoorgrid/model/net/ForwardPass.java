package io.backdoorgrid.model.net;

import ai.djl.ndarray.NDArray;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Collection;
import java.util.LinkedList;
import java.util.List;

/**
 * The computation of some values of a {@link Graph} and of everything that they depend on, in as
 * few steps as the {@link Operator}s allow.
 */
final class ForwardPass {

  private record Step(Operator.Kernel kernel, int x, int shortcut, int output) {}

  private final Graph graph;
  private final Modules modules;
  private final BitSet wanted = new BitSet();
  private final BitSet planned = new BitSet();
  private final List<Step> steps = new ArrayList<>();

  /**
   * @param wanted the values to compute
   */
  ForwardPass(Graph graph, Modules modules, Collection<Integer> wanted) {
    this.graph = graph;
    this.modules = modules;
    wanted.forEach(this.wanted::set);
    planned.set(Graph.IMAGES);
    this.wanted.stream().forEach(this::plan);
  }

  /** Adds the step that computes this value, behind those that compute what it reads. */
  private void plan(int value) {
    if (planned.get(value)) {
      return;
    }
    planned.set(value);
    for (Operator operator : Operator.ALL) {
      List<Operation> operations = matches(operator, graph.source(value));
      if (!operations.isEmpty()) {
        plan(operator, operations);
        return;
      }
    }
    throw new IllegalStateException("no operator computes " + graph.source(value));
  }

  private void plan(Operator operator, List<Operation> operations) {
    Operation first = operations.get(0);
    int x = first.input();
    int shortcut =
        operations.stream()
            .filter(operation -> operation.inputs().size() == 2)
            .findFirst()
            .map(sum -> sum.inputs().get(1))
            .orElse(x);
    plan(x);
    plan(shortcut);
    int output = operations.get(operations.size() - 1).output();
    steps.add(new Step(operator.binding().bind(modules, first.name()), x, shortcut, output));
  }

  /** The operations up to {@code last} that the operator computes together; none if it cannot. */
  private List<Operation> matches(Operator operator, Operation last) {
    var operations = new LinkedList<Operation>();
    Operation operation = last;
    for (int i = operator.layers().size() - 1; i >= 0; i--) {
      if (!operator.layers().get(i).isInstance(operation.layer())) {
        return List.of();
      }
      operations.addFirst(operation);
      if (i > 0) {
        if (!isHidden(operation.input())) {
          return List.of();
        }
        operation = graph.source(operation.input());
      }
    }
    return operations;
  }

  /** Whether exactly one operation needs this value. */
  private boolean isHidden(int value) {
    return value != Graph.IMAGES && !wanted.get(value) && graph.readers(value).size() == 1;
  }

  /**
   * Computes the values.
   *
   * @return by their numbers; null where a value was not needed by itself
   */
  NDArray[] run(NDArray images, boolean training) {
    NDArray[] values = new NDArray[graph.values()];
    values[Graph.IMAGES] = images;
    for (Step step : steps) {
      values[step.output()] =
          step.kernel().apply(values[step.x()], values[step.shortcut()], training);
    }
    return values;
  }
}
