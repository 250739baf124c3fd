/**
 * The kernels on NVIDIA cards: CUDA's driver API through JCuda, and our own kernels as PTX, whose
 * sources stand in {@code src/main/cuda}. The NVIDIA driver is all that a machine needs.
 *
 * <p>{@link rwkv.engine.backend.cuda.CudaKernels} turns each line of a forward pass into launches;
 * {@link rwkv.engine.backend.cuda.Card} has the memory, {@link rwkv.engine.backend.cuda.Commands}
 * collects launches and gives sequences that come again to the card as one graph; {@link
 * rwkv.engine.backend.cuda.Driver} is all that is asked of the card, so that tests can stand in for
 * it. Uses {@code tensor} and {@code backend}.
 */
@NullMarked
package rwkv.engine.backend.cuda;

import org.jspecify.annotations.NullMarked;
