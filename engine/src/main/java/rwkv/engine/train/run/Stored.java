package rwkv.engine.train.run;

import java.lang.foreign.MemorySegment;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Tensor;

/** Tensors in the type that a file is to hold. */
final class Stored {

  private Stored() {}

  static Tensor as(DType dtype, Tensor tensor) {
    if (tensor.dtype() == dtype) {
      return tensor;
    }
    float[] numbers = tensor.toFloats();
    MemorySegment data = MemorySegment.ofArray(new byte[(int) dtype.bytes(numbers.length)]);
    Quantiser.encode(dtype, numbers, 0, numbers.length, data, 0);
    return new Tensor(tensor.name(), dtype, tensor.shape(), data);
  }
}
