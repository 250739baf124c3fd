/**
 * Choosing the next token from logits: penalties, truncation, temperature and the draw. Pure
 * functions of logits, settings, history and seed. Uses nothing of the engine.
 */
@NullMarked
package rwkv.engine.sampling;

import org.jspecify.annotations.NullMarked;
