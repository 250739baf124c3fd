package rwkv.engine.model;

/** A version of the architecture. */
public enum Version {
  V4("RWKV-4", "Dove", Memory.PAIR, Decay.PER_CHANNEL),
  V5_0("RWKV-5.0", "Eagle", Memory.KEY_VALUE, Decay.PER_HEAD),
  V5_1("RWKV-5.1", "Eagle", Memory.KEY_VALUE, Decay.PER_HEAD),
  V5_2("RWKV-5.2", "Eagle", Memory.KEY_VALUE, Decay.PER_CHANNEL),
  V6("RWKV-6", "Finch", Memory.KEY_VALUE, Decay.PER_TOKEN),
  V7("RWKV-7", "Goose", Memory.VALUE_KEY, Decay.PER_TOKEN),
  /** RWKV-7 with DeepEmbed. */
  V7A("RWKV-7a", "Goose with DeepEmbed", Memory.VALUE_KEY, Decay.PER_TOKEN),
  /** RWKV-7 with DeepEmbed and DeepEmbed attention. */
  V7B("RWKV-7b", "Goose with DeepEmbed attention", Memory.VALUE_KEY, Decay.PER_TOKEN),
  /** RWKV-8's ROSA alone. */
  V8_ROSA("RWKV-8 ROSA", "Heron", Memory.NONE, Decay.NONE),
  /** RWKV-7's time mixing and RWKV-8's ROSA in every block. */
  V8_ROSA_7("RWKV-8 ROSA with RWKV-7", "Heron", Memory.VALUE_KEY, Decay.PER_TOKEN);

  /** What the WKV state of a layer is. */
  public enum Memory {
    /** There is none. */
    NONE,
    /** Numerator, denominator and their exponent for every channel. */
    PAIR,
    /** A matrix for every head, {@code [key dim, value dim]}. */
    KEY_VALUE,
    /** A matrix for every head, {@code [value dim, key dim]}. */
    VALUE_KEY
  }

  /** What a decay depends on. */
  public enum Decay {
    /** There is none. */
    NONE,
    /** A number for every head, the same at every token. */
    PER_HEAD,
    /** A number for every channel, the same at every token. */
    PER_CHANNEL,
    /** A number for every channel that every token sets anew. */
    PER_TOKEN
  }

  private final String title;
  private final String nickname;
  private final Memory memory;
  private final Decay decay;

  Version(String title, String nickname, Memory memory, Decay decay) {
    this.title = title;
    this.nickname = nickname;
    this.memory = memory;
    this.decay = decay;
  }

  /** As in "RWKV-7". */
  public String title() {
    return title;
  }

  /** As in "Goose". */
  public String nickname() {
    return nickname;
  }

  public Memory memory() {
    return memory;
  }

  /** Whether the WKV state is divided into heads. */
  public boolean hasHeads() {
    return memory == Memory.KEY_VALUE || memory == Memory.VALUE_KEY;
  }

  public Decay decay() {
    return decay;
  }

  /**
   * The smallest decay that a channel can have, as a factor per token: 0 but for RWKV-7's w =
   * exp(−e^−½ σ(d)), which stays above exp(−e^−½) = 0.5452, a half-life of 1.14 tokens.
   */
  public double lowestDecay() {
    return memory == Memory.VALUE_KEY ? Math.exp(-0.606531) : 0;
  }
}
