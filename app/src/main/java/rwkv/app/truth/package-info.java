/**
 * The truth light: whether what is on the screen is the model. Uses {@code open}, {@code message},
 * {@code theme} and the engine's self-test.
 */
@NullMarked
package rwkv.app.truth;

import org.jspecify.annotations.NullMarked;
