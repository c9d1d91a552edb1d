package io.backdoorgrid.run.victim;

import io.backdoorgrid.attack.Backdoor;
import io.backdoorgrid.torch.SafeTensors;
import java.util.Optional;

/**
 * A victim as the store has it, checked: plain memory that tasks may share.
 *
 * @param backdoor what was planted, if anything
 * @param evaluator with its trigger on the test images
 * @param before how it behaves undefended
 * @param trainSeconds what its training took
 * @param trainThreads the cores it took
 */
record StoredVictim(
    SafeTensors weights,
    Optional<Backdoor> backdoor,
    Evaluator evaluator,
    Measures before,
    double trainSeconds,
    int trainThreads) {}
