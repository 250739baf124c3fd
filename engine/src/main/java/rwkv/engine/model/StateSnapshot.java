package rwkv.engine.model;

import java.util.Arrays;
import java.util.List;

/**
 * The state of one sequence, in ordinary memory; immutable by contract: nobody writes into the
 * arrays it hands out.
 */
public final class StateSnapshot {

  private static final int[] NO_TEXT = {};

  private final List<StatePart> parts;
  private final float[][][] values;
  private final int[] tokens;

  /**
   * The state of a version whose state does not grow.
   *
   * @param values by layer and part; kept, not copied
   * @throws IllegalArgumentException if a part's length is not its shape's
   */
  public StateSnapshot(List<StatePart> parts, float[][][] values) {
    this(parts, values, NO_TEXT);
  }

  /**
   * The state of any version.
   *
   * @param values by layer and part; kept, not copied
   * @param tokens the text in a state that grows, empty for one that does not; kept, not copied
   * @throws IllegalArgumentException if a part's length is not its shape's after these tokens
   */
  public StateSnapshot(List<StatePart> parts, float[][][] values, int[] tokens) {
    this.parts = List.copyOf(parts);
    this.values = values;
    this.tokens = tokens;
    for (float[][] layer : values) {
      for (int p = 0; p < parts.size(); p++) {
        if (layer.length != parts.size() || layer[p].length != length(p)) {
          throw new IllegalArgumentException("state values do not fit their parts " + parts);
        }
      }
    }
  }

  private long length(int part) {
    return parts.get(part).shape(tokens.length).count();
  }

  /** The state before the first token. */
  public static StateSnapshot start(ModelSpec spec) {
    float[][][] values = new float[spec.layers()][spec.stateParts().size()][];
    for (float[][] layer : values) {
      for (int p = 0; p < layer.length; p++) {
        StatePart part = spec.stateParts().get(p);
        layer[p] = new float[part.grows() ? 0 : part.count()];
        Arrays.fill(layer[p], part.start());
      }
    }
    return new StateSnapshot(spec.stateParts(), values, NO_TEXT);
  }

  /**
   * A copy with other numbers in one part of one layer.
   *
   * @param numbers kept, not copied
   */
  public StateSnapshot with(int layer, int part, float[] numbers) {
    float[][][] copy = new float[values.length][][];
    for (int l = 0; l < copy.length; l++) {
      copy[l] = values[l].clone();
    }
    copy[layer][part] = numbers;
    return new StateSnapshot(parts, copy, tokens);
  }

  public int layers() {
    return values.length;
  }

  /** What the state of a layer consists of. */
  public List<StatePart> parts() {
    return parts;
  }

  /** The numbers of a part, row-major in its shape; not to be changed. */
  public float[] values(int layer, int part) {
    return values[layer][part];
  }

  /** The text in a state that grows; empty for one that does not; not to be changed. */
  public int[] tokens() {
    return tokens;
  }

  /** Bytes of its numbers and tokens. */
  public long bytes() {
    long bytes = 4L * tokens.length;
    for (float[][] layer : values) {
      for (float[] part : layer) {
        bytes += 4L * part.length;
      }
    }
    return bytes;
  }

  /** Whether every number is the same, bit for bit. */
  @Override
  public boolean equals(Object other) {
    return other instanceof StateSnapshot that
        && parts.equals(that.parts)
        && Arrays.equals(tokens, that.tokens)
        && Arrays.deepEquals(values, that.values);
  }

  @Override
  public int hashCode() {
    return Arrays.deepHashCode(values);
  }
}
