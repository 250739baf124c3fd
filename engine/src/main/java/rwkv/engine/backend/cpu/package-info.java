/**
 * The CPU backends: {@link rwkv.engine.backend.cpu.ReferenceKernels} is the specification, scalar
 * with double accumulators; {@link rwkv.engine.backend.cpu.VectorKernels} computes the same with
 * the Vector API on threads of its own. Uses {@code tensor} and {@code backend}.
 */
@NullMarked
package rwkv.engine.backend.cpu;

import org.jspecify.annotations.NullMarked;
