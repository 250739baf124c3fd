package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;

/**
 * A weight matrix in a card's memory, row-major, as stored.
 *
 * @param address of its first byte; belongs to the kernels until they are closed
 * @param holder keeps the memory
 */
record CudaMatrix(int out, int in, DType dtype, long address, Object holder) implements Matrix {}
