package rwkv.engine.convert;

import java.lang.foreign.MemorySegment;
import java.util.List;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Quantiser;
import rwkv.engine.tensor.Tensor;

/** Tensors in other types, one by one. */
final class Encoded {

  private Encoded() {}

  static List<Tensor> as(DType dtype, List<Tensor> tensors) {
    return tensors.stream().map(tensor -> as(dtype, tensor)).toList();
  }

  static Tensor as(DType dtype, Tensor tensor) {
    float[] values = tensor.toFloats();
    MemorySegment data = MemorySegment.ofArray(new byte[(int) dtype.bytes(values.length)]);
    Quantiser.encode(dtype, values, 0, values.length, data, 0);
    return new Tensor(tensor.name(), dtype, tensor.shape(), data);
  }
}
