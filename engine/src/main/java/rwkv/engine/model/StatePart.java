package rwkv.engine.model;

import rwkv.engine.tensor.Shape;

/**
 * A part of the state of every layer.
 *
 * @param name as files call it: {@code att_x} and {@code ffn_x} (token shift, [channels]), {@code
 *     att_kv} (the WKV state: [heads, key dim, value dim] for RWKV-5 and 6, [heads, value dim, key
 *     dim] for RWKV-7), {@code att_aa}, {@code att_bb} and {@code att_pp} (RWKV-4's, [channels])
 * @param shape for one sequence; of a part that grows, for one token
 * @param start what its numbers are before the first token
 * @param grows whether it holds such numbers for every token of the text, and none before the first
 */
public record StatePart(String name, Shape shape, float start, boolean grows) {

  /** The token-shift state of time mixing. */
  public static final String ATT_X = "att_x";

  /** The WKV state. */
  public static final String ATT_KV = "att_kv";

  /** RWKV-4's numerator, as a multiple of e to the power of {@link #ATT_PP}. */
  public static final String ATT_AA = "att_aa";

  /** RWKV-4's denominator, as a multiple of e to the power of {@link #ATT_PP}. */
  public static final String ATT_BB = "att_bb";

  /** The exponent of RWKV-4's numerator and denominator. */
  public static final String ATT_PP = "att_pp";

  /** The token-shift state of channel mixing. */
  public static final String FFN_X = "ffn_x";

  /** A part whose size stays. */
  public StatePart(String name, Shape shape, float start) {
    this(name, shape, start, false);
  }

  /** A part that grows by a row of numbers with every token. */
  public static StatePart growing(String name, int channels) {
    return new StatePart(name, Shape.of(channels), 0, true);
  }

  /** How many numbers it holds for one sequence; of a part that grows, for one token. */
  public int count() {
    return Math.toIntExact(shape.count());
  }

  /** Its shape after {@code tokens} tokens: {@code [tokens, …]} of a part that grows. */
  public Shape shape(int tokens) {
    if (!grows) {
      return shape;
    }
    long[] sizes = new long[shape.rank() + 1];
    sizes[0] = tokens;
    for (int i = 1; i < sizes.length; i++) {
      sizes[i] = shape.size(i - 1);
    }
    return Shape.of(sizes);
  }
}
