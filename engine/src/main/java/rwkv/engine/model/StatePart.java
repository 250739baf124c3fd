package rwkv.engine.model;

import rwkv.engine.tensor.Shape;

/**
 * A part of the state of every layer.
 *
 * @param name as files call it: {@code att_x} and {@code ffn_x} (token shift, [channels]), {@code
 *     att_kv} (the WKV state, for RWKV-7 [heads, value dim, key dim])
 * @param shape for one sequence
 * @param start what its numbers are before the first token
 */
public record StatePart(String name, Shape shape, float start) {

  /** The token-shift state of time mixing. */
  public static final String ATT_X = "att_x";

  /** The WKV state. */
  public static final String ATT_KV = "att_kv";

  /** The token-shift state of channel mixing. */
  public static final String FFN_X = "ffn_x";

  /** How many numbers it holds for one sequence. */
  public int count() {
    return Math.toIntExact(shape.count());
  }
}
