package rwkv.engine.model;

import java.util.Arrays;
import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.Kernels;

/**
 * The states of a batch of sequences, where the kernels want them. A forward pass changes it in
 * place; {@link #snapshot} and {@link #restore} carry the state of one sequence in and out.
 */
public final class State {

  private final ModelSpec spec;
  private final int batch;
  private final Buffer[][] parts;

  State(ModelSpec spec, Kernels kernels, int batch) {
    this.spec = spec;
    this.batch = batch;
    this.parts = new Buffer[spec.layers()][spec.stateParts().size()];
    for (Buffer[] layer : parts) {
      for (int p = 0; p < layer.length; p++) {
        layer[p] = kernels.buffer(batch, 1, spec.stateParts().get(p).count());
      }
    }
  }

  /** How many sequences. */
  public int batch() {
    return batch;
  }

  /** A part of a layer's state, {@code [batch, 1, numbers of the part]}, itself and not a copy. */
  public Buffer part(int layer, int part) {
    return parts[layer][part];
  }

  /** A copy of one sequence's state. */
  public StateSnapshot snapshot(int sequence) {
    float[][][] values = new float[parts.length][][];
    for (int layer = 0; layer < parts.length; layer++) {
      values[layer] = new float[parts[layer].length][];
      for (int p = 0; p < parts[layer].length; p++) {
        values[layer][p] = new float[parts[layer][p].channels()];
        read(sequence, layer, p, values[layer][p]);
      }
    }
    return new StateSnapshot(spec.stateParts(), values);
  }

  /**
   * Sets one sequence's state.
   *
   * @throws IllegalArgumentException if the snapshot is of a model of another shape
   */
  public void restore(int sequence, StateSnapshot snapshot) {
    if (snapshot.layers() != spec.layers() || !snapshot.parts().equals(spec.stateParts())) {
      throw new IllegalArgumentException(
          "the state is of "
              + snapshot.layers()
              + " layers of "
              + Arrays.toString(snapshot.parts().toArray())
              + ", the model has "
              + spec.layers()
              + " layers of "
              + Arrays.toString(spec.stateParts().toArray()));
    }
    for (int layer = 0; layer < parts.length; layer++) {
      for (int p = 0; p < parts[layer].length; p++) {
        int count = parts[layer][p].channels();
        parts[layer][p].write(sequence * count, snapshot.values(layer, p), 0, count);
      }
    }
  }

  /** Copies a part of one sequence's state into {@code into}, which is exactly as long. */
  public void read(int sequence, int layer, int part, float[] into) {
    Buffer buffer = parts[layer][part];
    buffer.read(sequence * buffer.channels(), into, 0, buffer.channels());
  }
}
