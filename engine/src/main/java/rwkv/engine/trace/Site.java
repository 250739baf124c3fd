package rwkv.engine.trace;

/**
 * A named point of the forward pass. Values are {@code [batch, time, channels]} as they enter the
 * recurrence unless said otherwise.
 */
public enum Site {
  /** The residual that enters a block. */
  RESIDUAL("residual", "what enters the block"),
  /** The normalised input of time mixing. */
  TIME_MIX_INPUT("ln1", "normalised input of time mixing"),
  SHIFTED_R("x_r", "token-shifted input of the receptance"),
  SHIFTED_W("x_w", "token-shifted input of the decay"),
  SHIFTED_K("x_k", "token-shifted input of the key"),
  SHIFTED_V("x_v", "token-shifted input of the value"),
  SHIFTED_A("x_a", "token-shifted input of the in-context learning rate"),
  SHIFTED_G("x_g", "token-shifted input of the gate"),
  /** The receptance (for RWKV-4, after the sigmoid). */
  R("r", "receptance"),
  /** The decay as a factor per token, between 0 and 1; one row where all tokens share it. */
  W("w", "decay"),
  /** The key that is written (for RWKV-7, the replacement key). */
  K("k", "key"),
  /** The value that is written (for RWKV-7, after the value residual). */
  V("v", "value"),
  A("a", "in-context learning rate"),
  KK("kk", "removal key"),
  G("g", "gate"),
  VALUE_GATE("v_gate", "gate of the value residual"),
  /**
   * The state of heads after the last token, {@code [batch, 1, heads · value dim · key dim]}; for
   * RWKV-5 and 6 {@code [batch, 1, heads · key dim · value dim]}.
   */
  WKV_STATE("att_kv", "WKV state"),
  /** RWKV-4's state after the last token, {@code [batch, 1, channels]}. */
  WKV_NUMERATOR("att_aa", "numerator of the WKV state"),
  WKV_DENOMINATOR("att_bb", "denominator of the WKV state"),
  WKV_EXPONENT("att_pp", "exponent of the WKV state"),
  /** What the recurrence reads, before the group norm. */
  WKV_OUTPUT("wkv", "WKV output"),
  /** What time mixing adds to the residual. */
  TIME_MIX_OUTPUT("att_out", "output of time mixing"),
  /** What RWKV-7b's attention over the text adds to the residual. */
  ATTENTION_OUTPUT("qkv", "output of attention over the text"),
  ROSA_INPUT("ln3", "normalised input of ROSA"),
  /** How many tokens the match is long, {@code [batch, time, symbols]}; 0 without one. */
  ROSA_MATCH("rosa_length", "length of ROSA's match"),
  /** +1 or −1 for the bits of the value that was found, {@code [batch, time, channels of ROSA]}. */
  ROSA_SIGNS("rosa_signs", "signs that ROSA found"),
  /** What ROSA adds to the residual. */
  ROSA_OUTPUT("rosa_out", "output of ROSA"),
  /** What time mixing and what stands beside it add to the residual together. */
  MIX_OUTPUT("mix_out", "output of time mixing and what stands beside it"),
  CHANNEL_MIX_INPUT("ln2", "normalised input of channel mixing"),
  /** The receptance of channel mixing, after the sigmoid. */
  CHANNEL_MIX_RECEPTANCE("ffn_r", "receptance of channel mixing"),
  /** The squared relu, {@code [batch, time, channel mixing width]}. */
  CHANNEL_MIX_ACTIVATION("ffn_k", "channel mixing activation"),
  /**
   * Between 0 and 1, {@code [batch, time, 1]}: columns of the value matrix whose activation is
   * zero, so that a product may pass them over.
   */
  SKIPPED("ffn_zeros", "share of value columns skipped"),
  /** DeepEmbed's gate on the activation, {@code [batch, time, channel mixing width]}. */
  EMBEDDING_GATE("s", "gate of the token's deep embedding"),
  CHANNEL_MIX_OUTPUT("ffn_out", "output of channel mixing"),
  /** The residual after the last block; its layer is the number of layers. */
  FINAL_RESIDUAL("x_out", "residual after the last block"),
  /** {@code [batch, 1 or time, vocabulary]}; its layer is the number of layers. */
  LOGITS("logits", "logits");

  private final String shortName;
  private final String title;

  Site(String shortName, String title) {
    this.shortName = shortName;
    this.title = title;
  }

  /** As formulas and files call it, as in "kk". */
  public String shortName() {
    return shortName;
  }

  /** For a person, as in "removal key". */
  public String title() {
    return title;
  }
}
