package io.backdoorgrid.data.set;

import io.backdoorgrid.algorithm.Registry;
import java.util.Set;

/** The data sets that a grid file may name. */
public final class DataSets {

  public static final Registry<DataSet> REGISTRY =
      new Registry<DataSet>(dataSet -> Set.of()).add(new Shapes()).add(new Cifar10());

  private DataSets() {}
}
