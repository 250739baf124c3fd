/**
 * What files call the tensors of a model, and what they store differently from official
 * checkpoints: one official name for each, whatever the file. Uses {@code tensor} and {@code
 * checkpoint}.
 */
@NullMarked
package rwkv.engine.naming;

import org.jspecify.annotations.NullMarked;
