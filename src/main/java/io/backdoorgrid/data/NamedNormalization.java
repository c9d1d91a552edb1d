package io.backdoorgrid.data;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** The normalizations that networks in the field were trained with; weights do not tell which. */
public enum NamedNormalization {
  /** CIFAR-10's, as BackdoorBench and this project have it. */
  CIFAR10(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.247f, 0.243f, 0.261f}),
  /** CIFAR-10's mean with another deviation, as in kuangliu's pytorch-cifar. */
  KUANGLIU(new float[] {0.4914f, 0.4822f, 0.4465f}, new float[] {0.2023f, 0.1994f, 0.201f}),
  /** ImageNet's, as in torchvision. */
  IMAGENET(new float[] {0.485f, 0.456f, 0.406f}, new float[] {0.229f, 0.224f, 0.225f}),
  /** From -1 to 1. */
  HALF(new float[] {0.5f, 0.5f, 0.5f}, new float[] {0.5f, 0.5f, 0.5f}),
  /** None: from 0 to 1. */
  NONE(new float[] {0, 0, 0}, new float[] {1, 1, 1});

  private final Normalization values;

  NamedNormalization(float[] mean, float[] deviation) {
    this.values = new Normalization(mean, deviation);
  }

  public Normalization normalization() {
    return values;
  }

  /** As a person writes them. */
  public static List<String> names() {
    return Arrays.stream(values()).map(NamedNormalization::toString).toList();
  }

  /** That of a name. */
  public static Optional<Normalization> find(String name) {
    return Arrays.stream(values())
        .filter(named -> named.toString().equals(name))
        .map(NamedNormalization::normalization)
        .findFirst();
  }

  /** As a person writes it. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
