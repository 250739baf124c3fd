/**
 * The vocabulary of the forward pass ({@link rwkv.engine.backend.Kernels}), the memory it works on
 * and how a machine's ways of computing are found. Uses {@code tensor}; implementations stand in
 * their own packages and are found by {@link java.util.ServiceLoader}.
 */
@NullMarked
package rwkv.engine.backend;

import org.jspecify.annotations.NullMarked;
