package rwkv.engine.model;

import rwkv.engine.trace.Site;

/**
 * A branch of a block with the layer norm before it.
 *
 * @param site where its output is seen
 */
record Residual(Rwkv.Normalisation norm, Branch branch, Site site) {}
