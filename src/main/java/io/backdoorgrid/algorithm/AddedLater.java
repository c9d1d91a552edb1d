package io.backdoorgrid.algorithm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a hyperparameter of an {@link Algorithm} that came when there were results already.
 *
 * <p>Its default must be what the algorithm did before. A cell that has the default does not name
 * it, and so keeps the id, and its results, that it had.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AddedLater {}
