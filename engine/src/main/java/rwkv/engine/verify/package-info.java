/**
 * Whether the numbers of a running model are the model's: the running configuration against the
 * scalar reference on the same weights, at every site, and against itself where two ways must give
 * the same. Uses {@code session} and everything above it.
 */
@NullMarked
package rwkv.engine.verify;

import org.jspecify.annotations.NullMarked;
