package rwkv.app.open;

import rwkv.engine.model.StateSnapshot;

/**
 * A state from a file that every text of the open model begins with.
 *
 * @param name of the file
 * @param tokens that are in it; 0 for a tuned one
 */
public record InitialState(String name, StateSnapshot state, int tokens) {}
