package rwkv.engine.backend.cpu;

/**
 * Which inputs of many tokens are not all zero, for tokens that are multiplied together: four, and
 * of the rest each alone.
 */
final class ColumnLists {

  /** Inputs of a list. */
  static final int DEPTH = 64;

  private byte[] columns = {};
  private float[] inputs = {};
  private int[] counts = {};
  private int tokens;
  private int in;
  private int tiles;

  /** Makes room for so many tokens. */
  void begin(int tokens, int in) {
    this.tokens = tokens;
    this.in = in;
    this.tiles = Math.ceilDiv(in, DEPTH);
    int lists = groups() * tiles;
    if (counts.length < lists) {
      counts = new int[lists];
      columns = new byte[lists * DEPTH];
      inputs = new float[lists * DEPTH * 4];
    }
  }

  int groups() {
    return tokens / 4 + tokens % 4;
  }

  /** The first token of a group. */
  int token(int group) {
    int fours = tokens / 4;
    return group < fours ? 4 * group : 4 * fours + group - fours;
  }

  /** Whether a group has four tokens, or one. */
  boolean isFour(int group) {
    return group < tokens / 4;
  }

  /** Makes the lists of a group. */
  void list(float[] x, int group) {
    int first = token(group) * in;
    int step = isFour(group) ? in : 0;
    for (int tile = 0; tile < tiles; tile++) {
      int start = (group * tiles + tile) * DEPTH;
      int columnsHere = Math.min(DEPTH, in - tile * DEPTH);
      int count = 0;
      for (int i = 0; i < columnsHere; i++) {
        int at = first + tile * DEPTH + i;
        boolean any =
            x[at] != 0 | x[at + step] != 0 | x[at + 2 * step] != 0 | x[at + 3 * step] != 0;
        columns[start + count] = (byte) i;
        int to = 4 * (start + count);
        inputs[to] = x[at];
        inputs[to + 1] = x[at + step];
        inputs[to + 2] = x[at + 2 * step];
        inputs[to + 3] = x[at + 3 * step];
        count += any ? 1 : 0;
      }
      counts[group * tiles + tile] = count;
    }
  }

  /** Numbers within the tile, from {@link #start} on. */
  byte[] columns() {
    return columns;
  }

  /** The inputs of those columns, four for each, of the tokens of the group. */
  float[] inputs() {
    return inputs;
  }

  int start(int group, int tile) {
    return (group * tiles + tile) * DEPTH;
  }

  int count(int group, int tile) {
    return counts[group * tiles + tile];
  }
}
