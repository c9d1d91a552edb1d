package io.backdoorgrid.algorithm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a hyperparameter of an {@link Algorithm} that was renamed after results had been stored.
 *
 * <p>Grid files may still write the former key. Ids and the columns of rows keep it, so that no
 * stored result is lost.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface Formerly {

  /** The former key, as grid files wrote it: {@code optimiser}. */
  String value();
}
