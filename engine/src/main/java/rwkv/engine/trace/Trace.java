package rwkv.engine.trace;

import rwkv.engine.backend.Buffer;

/** Is told what a forward pass computes, as it computes it, on its thread. */
@FunctionalInterface
public interface Trace {

  /** Wants to know nothing. */
  Trace OFF = (layer, site, values) -> {};

  /**
   * A value has been computed. The buffer is the forward pass's own and will be overwritten: look
   * or copy now.
   *
   * @param layer counted from 0
   * @param values {@code [batch, time, channels]}
   */
  void at(int layer, Site site, Buffer values);

  /** Whether it wants to know anything: what is worked out only to be told is else left out. */
  default boolean isOn() {
    return this != OFF;
  }

  /** A trace that tells both. */
  default Trace and(Trace other) {
    return (layer, site, values) -> {
      at(layer, site, values);
      other.at(layer, site, values);
    };
  }
}
