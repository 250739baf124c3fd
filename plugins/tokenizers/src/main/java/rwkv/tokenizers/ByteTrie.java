package rwkv.tokenizers;

/**
 * Finds the longest token that a text begins with. A double-array trie: node n is a cell number,
 * and its child for byte b is the cell {@code base[n] + b} if that cell's {@code parent} is n. So
 * one step costs one addition and one comparison, and the three arrays are all there is. Immutable.
 */
final class ByteTrie {

  static final int ROOT = 0;

  private final int[] base;
  private final int[] parent;
  private final int[] token; // one more than its id; 0 where none ends

  /** The arrays have at least 256 cells past the largest base, so that no step leaves them. */
  ByteTrie(int[] base, int[] parent, int[] token) {
    this.base = base;
    this.parent = parent;
    this.token = token;
  }

  /**
   * The longest token at a place.
   *
   * @param text any bytes
   * @param from where the token begins
   * @return its id in the lower half and where it ends in the upper half, or 0 if there is none
   */
  long longest(byte[] text, int from) {
    int node = ROOT;
    int found = 0;
    int end = 0;
    for (int i = from; i < text.length; i++) {
      int child = base[node] + (text[i] & 0xFF);
      if (parent[child] != node) {
        break;
      }
      node = child;
      if (token[node] != 0) {
        found = token[node];
        end = i + 1;
      }
    }
    return found == 0 ? 0 : (long) end << 32 | found - 1;
  }

  /** How many bytes its arrays take. */
  long sizeInBytes() {
    return 4L * (base.length + parent.length + token.length);
  }
}
