package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.backend.History;
import rwkv.engine.backend.Kernels;
import rwkv.engine.backend.Memo;

/**
 * The keys and values that RWKV-7b's attention sees, worked out from one layer's state.
 *
 * @param keys a row for every token, normalised
 * @param values the same
 * @param lastKey the last key before its token shift, {@code [batch, 1, channels]}
 * @param lastValue the same
 */
record KeysAndValues(History keys, History values, Buffer lastKey, Buffer lastValue)
    implements Memo {

  @Override
  public void forget(int sequence) {
    keys.replace(sequence, new float[0]);
    values.replace(sequence, new float[0]);
    for (Buffer last : new Buffer[] {lastKey, lastValue}) {
      last.write(sequence * last.channels(), new float[last.channels()], 0, last.channels());
    }
  }

  /** A sequence's row of {@link #lastKey} or {@link #lastValue}, copied. */
  static Buffer last(Kernels kernels, Buffer all, int sequence) {
    float[] row = new float[all.channels()];
    all.read(sequence * row.length, row, 0, row.length);
    Buffer alone = kernels.buffer(1, 1, row.length);
    alone.write(0, row, 0, row.length);
    return alone;
  }

  /** Puts such a row back. */
  static void keep(Buffer all, int sequence, Buffer alone) {
    all.write(sequence * all.channels(), alone.toArray(), 0, all.channels());
  }
}
