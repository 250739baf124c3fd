package rwkv.tokenizers;

/**
 * A token that is found in the text as it stands, before the text is split into words.
 *
 * @param id the token
 * @param content the text that it is
 * @param special whether it stands for no text, such as end of text
 * @param normalised whether it is looked for in the text after normalisation, not before
 */
record AddedToken(int id, String content, boolean special, boolean normalised) {

  /** The longest that is believed, in characters; it bounds how far looking for them looks. */
  static final int LONGEST = 1024;
}
