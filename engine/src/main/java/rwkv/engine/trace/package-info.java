/**
 * Looking inside a forward pass: the named observation points, and who is told what was found
 * there. Uses {@code backend} (its buffers).
 */
@NullMarked
package rwkv.engine.trace;

import org.jspecify.annotations.NullMarked;
