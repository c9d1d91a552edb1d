package io.backdoorgrid.model.net;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The architectures that we can train. */
public final class Architectures {

  public static final Registry<Architecture> REGISTRY =
      new Registry<Architecture>(architecture -> Set.of())
          .add(new ResNet18())
          .add(new PreActResNet18());

  private Architectures() {}
}
