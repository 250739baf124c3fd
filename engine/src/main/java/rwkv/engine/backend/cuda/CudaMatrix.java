package rwkv.engine.backend.cuda;

import rwkv.engine.backend.Matrix;
import rwkv.engine.tensor.DType;

/**
 * A weight matrix in a card's memory, row-major, of the type it is stored in.
 *
 * @param byColumns whether it lies as [in, out], so that inputs that are zero can be passed over
 * @param address of its first byte; belongs to the kernels until they are closed
 * @param holder keeps the memory
 */
record CudaMatrix(int out, int in, DType dtype, boolean byColumns, long address, Object holder)
    implements Matrix {}
