package io.backdoorgrid.algorithm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Names a record whose components are the hyperparameters of an attack, a defense, a feature
 * extractor, a model, a data set or a training recipe.
 *
 * <p>Such a record has a constructor without arguments that sets the defaults, and checks its
 * components in the compact constructor. A component {@code learningRate} is the key {@code
 * learning-rate} of a grid file.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
public @interface Algorithm {
  /** The name in grid files. */
  String value();

  /** Raised whenever the behavior changes, so that old results are not taken for new ones. */
  int version() default 1;
}
