package io.backdoorgrid.defense;

/**
 * A way to get rid of a backdoor. Implementations are records whose components are hyperparameters.
 *
 * <p>Sealed along the threat model: a defense is handed exactly what its model grants. None is ever
 * handed the trigger, the truth about the poisoned images, or triggered test images, so none can be
 * tuned on them.
 */
public sealed interface Defense permits DataFreeDefense, CleanDataDefense, TrainingDefense {}
