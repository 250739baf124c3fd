/**
 * The decay-initialisation lab: the decays of the open model, or of one about to be created, to be
 * drawn by hand or by formula, with what they mean for memory and gradients seen at once; tried out
 * in the open model, compared with its own, and exported.
 */
@NullMarked
package rwkv.app.decaylab;

import org.jspecify.annotations.NullMarked;
