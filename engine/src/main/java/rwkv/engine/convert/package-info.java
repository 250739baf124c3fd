/**
 * Writing a model in another format or type. Uses {@code model}, {@code naming}, {@code checkpoint}
 * and {@code tensor}.
 *
 * <p>{@link rwkv.engine.convert.Converter} plans every tensor of the new file: its name, shape and
 * type, and where its numbers come from. Numbers flow in chunks from the mapped file through what
 * undoes and redoes the differences between formats into the encoder, so a model of any size needs
 * room for its largest tensor only.
 */
@NullMarked
package rwkv.engine.convert;

import org.jspecify.annotations.NullMarked;
