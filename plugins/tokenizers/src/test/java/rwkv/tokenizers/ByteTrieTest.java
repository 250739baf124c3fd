package rwkv.tokenizers;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import rwkv.plugin.TestSeed;

class ByteTrieTest {

  private final Random random = TestSeed.random(getClass().getName());

  @Test
  void findsWhatAMapFindsWhateverTheShapeOfTheTrie() {
    for (int round = 0; round < 200; round++) {
      // From wide and flat (256 values) to narrow and deep (1 or 2), near either end of the values.
      int values = 1 << random.nextInt(9);
      int lowest = random.nextInt(257 - values);
      int longest = 1 + random.nextInt(6);
      Map<byte[], Integer> tokens = new TreeMap<>(Arrays::compareUnsigned);
      int entries = 1 + random.nextInt(800);
      for (int i = 0; i < entries; i++) {
        tokens.put(bytes(1 + random.nextInt(longest), lowest, values), i + 1);
      }
      ByteTrie trie = trie(tokens);
      for (byte[] token : tokens.keySet()) {
        byte[] text = Arrays.copyOf(token, token.length + 2);
        text[token.length] = (byte) random.nextInt(256);
        text[token.length + 1] = (byte) (lowest + random.nextInt(values));
        check(tokens, trie, text);
      }
      for (int i = 0; i < 300; i++) {
        check(tokens, trie, bytes(random.nextInt(8), 0, 256));
      }
    }
  }

  private static void check(Map<byte[], Integer> tokens, ByteTrie trie, byte[] text) {
    for (int from = 0; from <= text.length; from++) {
      long expected = 0;
      for (int to = from + 1; to <= text.length; to++) {
        Integer token = tokens.get(Arrays.copyOfRange(text, from, to));
        if (token != null) {
          expected = (long) to << 32 | token;
        }
      }
      assertEquals(expected, trie.longest(text, from));
    }
  }

  private static ByteTrie trie(Map<byte[], Integer> tokens) {
    List<VocabularyEntry> entries = new ArrayList<>();
    tokens.forEach((bytes, id) -> entries.add(new VocabularyEntry(id, bytes)));
    return ByteTrieBuilder.build(entries);
  }

  private byte[] bytes(int length, int lowest, int values) {
    byte[] bytes = new byte[length];
    for (int i = 0; i < length; i++) {
      bytes[i] = (byte) (lowest + random.nextInt(values));
    }
    return bytes;
  }
}
