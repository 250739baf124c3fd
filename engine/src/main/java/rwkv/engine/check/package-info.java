/**
 * Whether a device computes what it must, and how fast: the list of kernel cases that every backend
 * is held against, reference models, gradients, a long text and the benchmark, as one table. The
 * program of {@code engine/gpu-check}, which runs where there is nothing but a driver. Uses
 * everything above it.
 */
@NullMarked
package rwkv.engine.check;

import org.jspecify.annotations.NullMarked;
