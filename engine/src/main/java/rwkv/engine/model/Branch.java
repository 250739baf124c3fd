package rwkv.engine.model;

import rwkv.engine.backend.Buffer;
import rwkv.engine.trace.Trace;

/** What a block adds to the residual: x ← x + f(LN(x)). */
@FunctionalInterface
interface Branch {

  /**
   * out ← f(z), stepping the state.
   *
   * @param z the normalised residual
   * @param x the residual itself, not to be changed
   */
  void forward(Buffer out, Buffer z, Buffer x, State state, Trace trace);
}
