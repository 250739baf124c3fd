package rwkv.tokenizers;

import java.util.List;
import java.util.Map;

/**
 * What a byte-level BPE is made of.
 *
 * @param ids the tokens by the letters of their bytes (see {@link ByteAlphabet})
 * @param added tokens that are found before words are made
 * @param merges by pairs of ids
 * @param nfc whether text is normalised to NFC
 * @param prefixSpace whether a space is put before text that begins without one
 * @param words whether text is split into words, or merged as it is
 * @param wholeWords whether a word that is a token is taken as it is, whatever merges would make
 */
record BpeVocabulary(
    Map<String, Integer> ids,
    List<AddedToken> added,
    Merges merges,
    boolean nfc,
    boolean prefixSpace,
    boolean words,
    boolean wholeWords) {

  /** One more than the largest id. */
  int size() {
    int largest = -1;
    for (int id : ids.values()) {
      largest = Math.max(largest, id);
    }
    for (AddedToken token : added) {
      largest = Math.max(largest, token.id());
    }
    return largest + 1;
  }
}
