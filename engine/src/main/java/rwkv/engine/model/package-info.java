/**
 * The models: what a checkpoint's tensors mean, the forward pass of each version written once over
 * {@link rwkv.engine.backend.Kernels}, and the state that a model steps. Decode, prefill and
 * batches are the same method; a trace is told every value by name. Uses {@code tensor}, {@code
 * checkpoint}, {@code backend} (never a concrete one) and {@code trace}.
 */
@NullMarked
package rwkv.engine.model;

import org.jspecify.annotations.NullMarked;
