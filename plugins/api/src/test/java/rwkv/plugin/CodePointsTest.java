package rwkv.plugin;

/** Shows that the contract can be met with little. */
class CodePointsTest extends TokenizerContract {

  @Override
  protected Tokenizer tokenizer() {
    return new CodePoints();
  }
}
