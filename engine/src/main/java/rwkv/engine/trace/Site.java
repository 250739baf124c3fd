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
  R("r", "receptance"),
  /** The decay as a factor per token, between 0 and 1. */
  W("w", "decay"),
  /** The key that is written (for RWKV-7, the replacement key). */
  K("k", "key"),
  /** The value that is written (for RWKV-7, after the value residual). */
  V("v", "value"),
  A("a", "in-context learning rate"),
  KK("kk", "removal key"),
  G("g", "gate"),
  VALUE_GATE("v_gate", "gate of the value residual"),
  /** The state after the last token, {@code [batch, 1, heads · value dim · key dim]}. */
  WKV_STATE("att_kv", "WKV state"),
  /** What the recurrence reads, before the group norm. */
  WKV_OUTPUT("wkv", "WKV output"),
  /** What time mixing adds to the residual. */
  TIME_MIX_OUTPUT("att_out", "output of time mixing"),
  CHANNEL_MIX_INPUT("ln2", "normalised input of channel mixing"),
  /** The squared relu, {@code [batch, time, channel mixing width]}. */
  CHANNEL_MIX_ACTIVATION("ffn_k", "channel mixing activation"),
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
