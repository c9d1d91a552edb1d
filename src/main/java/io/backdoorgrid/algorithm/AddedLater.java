package io.backdoorgrid.algorithm;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a hyperparameter that was added to an {@link Algorithm} when results already existed.
 *
 * <p>Its default must be what the algorithm did before. A cell with the default does not name it,
 * so it keeps its id and its results.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.RECORD_COMPONENT)
public @interface AddedLater {}
