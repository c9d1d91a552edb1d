package io.backdoorgrid.run.task;

import io.backdoorgrid.grid.Trial;
import io.backdoorgrid.run.victim.TrainedVictim;
import io.backdoorgrid.store.Store;
import java.util.function.Consumer;

/**
 * A trial to be done.
 *
 * @param listener is told in a line each what takes its time
 */
record Assignment(
    Trial trial,
    TrainedVictim victim,
    Store store,
    Consumer<String> listener,
    Unfinished unfinished) {}
