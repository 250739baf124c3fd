package rwkv.tokenizers;

/** The vocabulary of GPT-NeoX 20B, which RWKV-4 Pile, Raven and other Pile models speak. */
final class NeoX {

  static final String NAME = "GPT-NeoX 20B";

  /** One more than its largest id: 50254 tokens of its merges and 23 runs of spaces. */
  static final int SIZE = 50_277;

  private NeoX() {}
}
