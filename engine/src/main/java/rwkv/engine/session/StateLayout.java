package rwkv.engine.session;

import java.util.ArrayList;
import java.util.List;
import rwkv.engine.model.ModelSpec;
import rwkv.engine.model.State;
import rwkv.engine.model.StatePart;
import rwkv.engine.model.Version;

/**
 * How pictures show the memory of a layer: a panel of {@code rows} x {@code columns} numbers for
 * every head, or, where a version has no heads, for every run of channels.
 *
 * <ul>
 *   <li>A matrix state is shown as S [value dim, key dim], whichever way round the version keeps
 *       it.
 *   <li>RWKV-4's state is shown as the pair it is: the numerator a and the denominator b, both in
 *       units of e^p, and the average a/b that they stand for.
 *   <li>Of a version without any WKV state the token-shift states are shown.
 * </ul>
 *
 * @param kind which of these
 * @param groups heads, or runs of channels
 * @param rowNames of rows that have names; empty where rows are value dimensions
 */
public record StateLayout(
    Kind kind, int layers, int groups, int rows, int columns, List<String> rowNames) {

  /** What a panel is. */
  public enum Kind {
    /** S [value dim, key dim] of a head. */
    MATRIX,
    /** Numerator, denominator and average of a run of channels. */
    PAIR,
    /** Token-shift states of a run of channels. */
    SHIFT
  }

  private static final int MOST_CHANNELS = 64;
  private static final List<String> PAIR_ROWS =
      List.of("numerator a", "denominator b", "average a/b");

  public StateLayout {
    rowNames = List.copyOf(rowNames);
  }

  /** How a model's memory is shown. */
  public static StateLayout of(ModelSpec spec) {
    Version.Memory memory = spec.version().memory();
    if (memory == Version.Memory.VALUE_KEY || memory == Version.Memory.KEY_VALUE) {
      int size = spec.headSize();
      return new StateLayout(Kind.MATRIX, spec.layers(), spec.heads(), size, size, List.of());
    }
    int columns = runLength(spec.channels());
    int groups = spec.channels() / columns;
    if (memory == Version.Memory.PAIR) {
      return new StateLayout(Kind.PAIR, spec.layers(), groups, 3, columns, PAIR_ROWS);
    }
    List<String> shifts = shifts(spec).stream().map(StatePart::name).toList();
    return new StateLayout(Kind.SHIFT, spec.layers(), groups, shifts.size(), columns, shifts);
  }

  /** The longest run of at most 64 channels that divides them evenly. */
  private static int runLength(int channels) {
    int run = Math.min(MOST_CHANNELS, channels);
    while (channels % run != 0) {
      run--;
    }
    return run < 8 ? channels : run;
  }

  private static List<StatePart> shifts(ModelSpec spec) {
    List<StatePart> shifts = new ArrayList<>();
    for (StatePart part : spec.stateParts()) {
      boolean vector = part.shape().rank() == 1 && part.shape().count() == spec.channels();
      if (vector && !part.grows()) {
        shifts.add(part);
      }
    }
    return shifts;
  }

  /** Numbers of a panel. */
  public int panel() {
    return rows * columns;
  }

  /** Numbers of a layer. */
  public int count() {
    return groups * panel();
  }

  /** Whether panels are heads. */
  public boolean hasHeads() {
    return kind == Kind.MATRIX;
  }

  /** The first row that sizes and changes are measured over; those before it are its raw parts. */
  public int firstMeasuredRow() {
    return kind == Kind.PAIR ? 2 : 0;
  }

  /** As in "H3" or "ch. 64–127". */
  public String groupName(int group) {
    return hasHeads()
        ? "H" + group
        : "ch. %d–%d".formatted(group * columns, (group + 1) * columns - 1);
  }

  /** What a row is, as in "value i=3" or "average a/b". */
  public String rowName(int row) {
    return rowNames.isEmpty() ? "value i=" + row : rowNames.get(row);
  }

  /** What a column of a group is, as in "key j=3" or "channel 67". */
  public String columnName(int group, int column) {
    return hasHeads() ? "key j=" + column : "channel " + (group * columns + column);
  }

  /** Copies what is shown of a layer of one sequence. */
  public static final class Reader {

    private final StateLayout layout;
    private final int[] parts;
    private final boolean transposed;
    private final float[][] raw;

    public Reader(ModelSpec spec) {
      layout = of(spec);
      transposed = spec.version().memory() == Version.Memory.KEY_VALUE;
      List<String> names =
          switch (layout.kind) {
            case MATRIX -> List.of(StatePart.ATT_KV);
            case PAIR -> List.of("att_aa", "att_bb");
            case SHIFT -> layout.rowNames;
          };
      parts = names.stream().mapToInt(spec::statePart).toArray();
      raw = new float[parts.length][];
      for (int i = 0; i < parts.length; i++) {
        raw[i] = new float[spec.stateParts().get(parts[i]).count()];
      }
    }

    public StateLayout layout() {
      return layout;
    }

    /**
     * Copies a layer of the first sequence.
     *
     * @param into receives {@code [groups, rows, columns]}
     */
    public void read(State state, int layer, float[] into) {
      read(state, 0, layer, into);
    }

    /**
     * Copies a layer of any sequence of a batch.
     *
     * @param into receives {@code [groups, rows, columns]}
     */
    public void read(State state, int sequence, int layer, float[] into) {
      if (layout.kind == Kind.MATRIX && !transposed) {
        state.read(sequence, layer, parts[0], into);
        return;
      }
      for (int i = 0; i < parts.length; i++) {
        state.read(sequence, layer, parts[i], raw[i]);
      }
      switch (layout.kind) {
        case MATRIX -> transpose(into);
        case PAIR -> pair(into);
        case SHIFT -> shifts(into);
      }
    }

    private void transpose(float[] into) {
      int size = layout.columns;
      float[] from = raw[0];
      for (int head = 0; head < layout.groups; head++) {
        int at = head * size * size;
        for (int key = 0; key < size; key++) {
          for (int value = 0; value < size; value++) {
            into[at + value * size + key] = from[at + key * size + value];
          }
        }
      }
    }

    private void pair(float[] into) {
      shifts(into);
      int n = layout.columns;
      for (int group = 0; group < layout.groups; group++) {
        int at = group * layout.panel();
        for (int c = 0; c < n; c++) {
          float denominator = into[at + n + c];
          into[at + 2 * n + c] = denominator == 0 ? 0 : into[at + c] / denominator;
        }
      }
    }

    /** Every part is a row of every group. */
    private void shifts(float[] into) {
      int n = layout.columns;
      for (int group = 0; group < layout.groups; group++) {
        for (int row = 0; row < raw.length; row++) {
          System.arraycopy(raw[row], group * n, into, group * layout.panel() + row * n, n);
        }
      }
    }
  }
}
