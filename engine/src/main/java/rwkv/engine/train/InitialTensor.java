package rwkv.engine.train;

import rwkv.engine.model.Progress;
import rwkv.engine.tensor.Shape;

/** A tensor of a model about to be created. */
record InitialTensor(String name, Shape shape, Beginning beginning) {

  /** Its numbers, row-major: the same for the same seed, whatever else is drawn. */
  float[] numbers(long seed, Progress progress) {
    return beginning.numbers(shape, Streams.of(seed, name), progress);
  }
}
