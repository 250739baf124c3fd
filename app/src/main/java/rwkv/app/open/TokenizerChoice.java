package rwkv.app.open;

import java.util.List;
import rwkv.plugin.Tokenizer;
import rwkv.plugin.TokenizerProvider.Offer;

/**
 * The tokenizer in use and what else there would be.
 *
 * @param tokenizer the one in use
 * @param offer what it was made from, with the reason why
 * @param offers all there are for this model, best first
 */
public record TokenizerChoice(Tokenizer tokenizer, Offer offer, List<Offer> offers) {
  public TokenizerChoice {
    offers = List.copyOf(offers);
  }
}
