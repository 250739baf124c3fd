package rwkv.engine.train;

import rwkv.engine.backend.Buffer;
import rwkv.engine.checkpoint.Checkpoint;
import rwkv.engine.checkpoint.CheckpointException;
import rwkv.engine.checkpoint.Tensors;
import rwkv.engine.tensor.DType;
import rwkv.engine.tensor.Shape;
import rwkv.engine.tensor.Tensor;

/** The file that a training goes on from. */
record SavedTensors(Checkpoint file) {

  /**
   * The tensor of that name.
   *
   * @throws CheckpointException if it is missing, of another shape, or not of finite F32 numbers
   */
  Tensor get(String name, Shape shape) {
    Tensor tensor = file.tensors().get(name);
    if (tensor == null) {
      throw problem("tensor " + name + " is missing");
    }
    if (!tensor.shape().equals(shape) || tensor.dtype() != DType.F32) {
      throw problem("tensor %s should be F32 %s".formatted(tensor, shape));
    }
    Tensors.requireFinite(file, tensor);
    return tensor;
  }

  void read(String name, Shape shape, Buffer into) {
    float[] numbers = get(name, shape).toFloats();
    into.write(0, numbers, 0, numbers.length);
  }

  /**
   * What a line of the metadata says.
   *
   * @throws CheckpointException if there is none
   */
  String line(String name) {
    String text = file.metadata().get(name);
    if (text == null) {
      throw problem("is no saved training: its metadata has no " + name);
    }
    return text;
  }

  /** A whole number of the metadata, at least 0. */
  long number(String name) {
    String text = line(name);
    try {
      long number = Long.parseLong(text);
      if (number >= 0) {
        return number;
      }
    } catch (NumberFormatException e) {
      // said below
    }
    throw problem("metadata %s is '%s', expected a whole number".formatted(name, text));
  }

  CheckpointException problem(String problem) {
    return new CheckpointException(file.path(), problem);
  }
}
