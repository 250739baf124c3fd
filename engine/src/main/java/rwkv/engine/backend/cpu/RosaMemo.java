package rwkv.engine.backend.cpu;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Memo;

/**
 * What ROSA remembers of the histories of one layer: a {@link RosaText} for every symbol of every
 * sequence, made up again from the histories where they have been replaced.
 */
final class RosaMemo implements Memo {

  private final RosaText[] @Nullable [] texts;

  /**
   * The longest match of a position.
   *
   * @param length in symbols; 0 where there is none
   * @param end the row of the keys that it ends at, the latest on ties; meaningless without
   */
  record Found(int length, int end) {}

  RosaMemo(int batch) {
    texts = new RosaText[batch][];
  }

  @Override
  public void forget(int sequence) {
    texts[sequence] = null;
  }

  /** Makes room for the texts of a sequence where there are none. */
  void prepare(int sequence, int symbols, int width) {
    if (texts[sequence] == null) {
      RosaText[] made = new RosaText[symbols];
      Arrays.setAll(made, _ -> new RosaText(width));
      texts[sequence] = made;
    }
  }

  /** The text of one symbol, {@code rows} rows long, made up from the histories if it is not. */
  RosaText text(int sequence, int symbol, int rows, CpuHistory q, CpuHistory k, int width) {
    RosaText[] prepared = texts[sequence];
    if (prepared == null) {
      throw new IllegalStateException("not prepared");
    }
    RosaText text = prepared[symbol];
    if (text.position() != rows) {
      int[] queries = new int[rows];
      int[] keys = new int[rows];
      Arrays.setAll(queries, row -> Signs.symbol(q, sequence, row, symbol * width, width));
      Arrays.setAll(keys, row -> Signs.symbol(k, sequence, row, symbol * width, width));
      text.take(queries, keys);
    }
    return text;
  }
}
