package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.trace.Trace;

/** The time mixing and channel mixing of a version, all layers. */
interface Mixings {

  /** The next calls are for {@code batch} sequences of {@code time} tokens. */
  void prepare(int batch, int time);

  /** out ← time mixing of the normalised input {@code z}, stepping the state of {@code layer}. */
  void time(Buffer out, Buffer z, int layer, State state, Trace trace);

  /**
   * out ← channel mixing of the normalised input {@code z}, stepping the state of {@code layer}.
   */
  void channel(Buffer out, Buffer z, int layer, State state, Trace trace);
}
