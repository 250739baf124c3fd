package rwkv.tokenizers;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/**
 * The entries of a vocabulary.
 *
 * @param byId in ascending order of their ids, which may have gaps
 * @param byBytes the same in ascending order of their unsigned bytes; no two are alike
 */
record Vocabulary(List<VocabularyEntry> byId, List<VocabularyEntry> byBytes) {

  /** For entries in ascending order of their ids; those with equal bytes end up side by side. */
  static Vocabulary of(List<VocabularyEntry> byId) {
    List<VocabularyEntry> byBytes = new ArrayList<>(byId);
    byBytes.sort(Comparator.comparing(VocabularyEntry::bytes, Arrays::compareUnsigned));
    return new Vocabulary(byId, byBytes);
  }

  /** One of two entries with the same bytes, that of the larger id; empty if there are none. */
  Optional<VocabularyEntry> duplicate() {
    for (int i = 1; i < byBytes.size(); i++) {
      // The sort is stable, so of two that are alike the larger id comes second.
      if (Arrays.equals(byBytes.get(i - 1).bytes(), byBytes.get(i).bytes())) {
        return Optional.of(byBytes.get(i));
      }
    }
    return Optional.empty();
  }

  /** The smallest id with these bytes, or -1. */
  int idOf(byte[] bytes) {
    for (VocabularyEntry entry : byId) {
      if (Arrays.equals(entry.bytes(), bytes)) {
        return entry.id();
      }
    }
    return -1;
  }

  /** Whether an id has bytes. */
  boolean has(int id) {
    return byId.stream().anyMatch(entry -> entry.id() == id);
  }

  /** One more than the largest id. */
  int size() {
    return byId.getLast().id() + 1;
  }

  /**
   * The lowest byte value that is no token by itself, or 256 if each is: then nothing is out of
   * reach.
   */
  int missingByte() {
    BitSet present = new BitSet();
    for (VocabularyEntry entry : byId) {
      if (entry.bytes().length == 1) {
        present.set(entry.bytes()[0] & 0xFF);
      }
    }
    return present.nextClearBit(0);
  }
}
