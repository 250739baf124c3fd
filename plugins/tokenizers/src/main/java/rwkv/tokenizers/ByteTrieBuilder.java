package rwkv.tokenizers;

import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;

/**
 * Lays a {@link ByteTrie} out. Sorted entries that share a prefix stand side by side, so a node is
 * a range of them; its children are the runs of equal bytes after the prefix. Each node's children
 * get the first place where all of them fall on free cells.
 */
final class ByteTrieBuilder {

  private static final int FREE = -1;
  // The root's cell is nobody's child; its parent is a number that no node has.
  private static final int NOBODY = -2;
  private static final int BYTES = 256;

  /** A node and the entries below it; those share their first {@code depth} bytes. */
  private record Node(int cell, int from, int to, int depth) {}

  private final List<VocabularyEntry> entries;
  private final Deque<Node> open = new ArrayDeque<>();
  private final int[] labels = new int[BYTES];
  private final int[] starts = new int[BYTES + 1];
  private int[] base = new int[0];
  private int[] parent = new int[0];
  private int[] token = new int[0];
  private int firstFree = 1;
  private int used;

  private ByteTrieBuilder(List<VocabularyEntry> entries) {
    this.entries = entries;
    grow(4 * BYTES);
  }

  /** The trie of entries in ascending order of their unsigned bytes, no two alike. */
  static ByteTrie build(List<VocabularyEntry> byBytes) {
    return new ByteTrieBuilder(byBytes).build();
  }

  private ByteTrie build() {
    parent[ByteTrie.ROOT] = NOBODY;
    open.push(new Node(ByteTrie.ROOT, 0, entries.size(), 0));
    while (!open.isEmpty()) {
      place(open.pop());
    }
    int size = used + 1 + BYTES;
    return new ByteTrie(
        Arrays.copyOf(base, size), Arrays.copyOf(parent, size), Arrays.copyOf(token, size));
  }

  private void place(Node node) {
    int from = node.from;
    VocabularyEntry shortest = entries.get(from);
    if (shortest.bytes().length == node.depth) {
      token[node.cell] = shortest.id() + 1;
      from++;
    }
    int children = split(from, node.to, node.depth);
    if (children == 0) {
      return;
    }
    int place = findPlace(children);
    base[node.cell] = place;
    for (int i = 0; i < children; i++) {
      int cell = place + labels[i];
      parent[cell] = node.cell;
      used = Math.max(used, cell);
      open.push(new Node(cell, starts[i], starts[i + 1], node.depth + 1));
    }
  }

  /** Fills {@link #labels} and {@link #starts} with the runs of equal bytes at a depth. */
  private int split(int from, int to, int depth) {
    int count = 0;
    int last = -1;
    for (int i = from; i < to; i++) {
      int label = entries.get(i).bytes()[depth] & 0xFF;
      if (label != last) {
        labels[count] = label;
        starts[count++] = i;
        last = label;
      }
    }
    starts[count] = to;
    return count;
  }

  private int findPlace(int children) {
    int taken = 0;
    for (int cell = Math.max(firstFree, labels[0]); ; cell++) {
      grow(cell + 2 * BYTES);
      if (parent[cell] != FREE) {
        taken++;
        continue;
      }
      int place = cell - labels[0];
      if (fits(place, children)) {
        // Where hardly a cell is free the search need not begin again; the few are given up.
        if (taken * 20L >= (cell - firstFree) * 19L) {
          firstFree = cell;
        }
        return place;
      }
    }
  }

  private boolean fits(int place, int children) {
    for (int i = 0; i < children; i++) {
      if (parent[place + labels[i]] != FREE) {
        return false;
      }
    }
    return true;
  }

  private void grow(int size) {
    int old = parent.length;
    if (size > old) {
      int larger = Math.max(size, old + old / 2);
      base = Arrays.copyOf(base, larger);
      parent = Arrays.copyOf(parent, larger);
      token = Arrays.copyOf(token, larger);
      Arrays.fill(parent, old, larger, FREE);
    }
  }
}
