package rwkv.tokenizers;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Consumer;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/** Cuts text at added tokens: at the first place where one begins the longest is taken. */
final class AddedTokens {

  private final @Nullable ByteTrie trie;

  /** Tokens by their content; of two that are alike the last counts. */
  AddedTokens(Map<String, Integer> tokens) {
    // In the order of the bytes of UTF-8, which is not that of characters.
    Map<byte[], Integer> sorted = new TreeMap<>(Arrays::compareUnsigned);
    tokens.forEach((content, id) -> sorted.put(Utf8.encode(content), id));
    List<VocabularyEntry> entries = new ArrayList<>();
    sorted.forEach((bytes, id) -> entries.add(new VocabularyEntry(id, bytes)));
    trie = entries.isEmpty() ? null : ByteTrieBuilder.build(entries);
  }

  /**
   * Gives out a text piece by piece, in order.
   *
   * @param text whole characters only
   * @param between takes the text before, between and after added tokens; never empty
   * @param token takes the added tokens
   */
  void cut(String text, Consumer<String> between, IntConsumer token) {
    if (trie == null) {
      give(text, between);
      return;
    }
    byte[] utf8 = text.getBytes(UTF_8);
    int from = 0;
    for (int at = 0; at < utf8.length; ) {
      long match = trie.longest(utf8, at);
      if (match == 0) {
        at++;
      } else {
        give(new String(utf8, from, at - from, UTF_8), between);
        token.accept((int) match);
        at = (int) (match >>> 32);
        from = at;
      }
    }
    give(from == 0 ? text : new String(utf8, from, utf8.length - from, UTF_8), between);
  }

  private static void give(String text, Consumer<String> between) {
    if (!text.isEmpty()) {
      between.accept(text);
    }
  }
}
