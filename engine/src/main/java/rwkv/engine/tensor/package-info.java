/**
 * Tensors as they are stored: a type, a shape and bytes. Uses the JDK only.
 *
 * <p>Nothing here computes; see {@code rwkv.engine.backend} for that.
 */
@NullMarked
package rwkv.engine.tensor;

import org.jspecify.annotations.NullMarked;
