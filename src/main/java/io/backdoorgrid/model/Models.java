package io.backdoorgrid.model;

import io.backdoorgrid.algorithm.Registry;
import io.backdoorgrid.model.net.Architecture;
import io.backdoorgrid.model.net.PreActResNet18;
import io.backdoorgrid.model.net.ResNet18;
import java.util.Set;

/** The architectures that a grid file may name. */
public final class Models {

  public static final Registry<Architecture> REGISTRY =
      new Registry<Architecture>(architecture -> Set.of())
          .add(new ResNet18())
          .add(new PreActResNet18());

  private Models() {}
}
