package rwkv.tokenizers;

import java.util.Arrays;

/** Tokens while they become more. */
final class TokenList {

  private int[] tokens = new int[64];
  private int count;

  void add(int token) {
    if (count == tokens.length) {
      tokens = Arrays.copyOf(tokens, 2 * count);
    }
    tokens[count++] = token;
  }

  void addAll(int[] more) {
    for (int token : more) {
      add(token);
    }
  }

  int[] toArray() {
    return Arrays.copyOf(tokens, count);
  }
}
