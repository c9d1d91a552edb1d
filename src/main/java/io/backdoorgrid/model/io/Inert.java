package io.backdoorgrid.model.io;

import java.util.ArrayList;
import java.util.List;

/**
 * What a pickle wants made or called, and is not: its name, its arguments and its state.
 *
 * @param made by what: a {@link Global}, or another value
 * @param arguments with which it would be called
 * @param parts first its state, if it has one, then what is appended to it
 */
record Inert(Object made, List<Object> arguments, List<Object> parts) {

  /**
   * The name of a class or function.
   *
   * @param module as Python has it
   */
  record Global(String module, String name) {
    @Override
    public String toString() {
      return module + "." + name;
    }
  }

  Inert(Object made, List<Object> arguments) {
    this(made, arguments, new ArrayList<>(1));
  }

  // A pickle may put a value into itself.
  @Override
  public boolean equals(Object other) {
    return this == other;
  }

  @Override
  public int hashCode() {
    return System.identityHashCode(this);
  }

  @Override
  public String toString() {
    return "an object made by " + (made instanceof Global ? made : "another");
  }
}
