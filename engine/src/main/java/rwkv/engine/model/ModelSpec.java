package rwkv.engine.model;

import java.util.List;
import java.util.Map;
import rwkv.engine.tensor.DType;

/**
 * What a checkpoint's tensors say about its model.
 *
 * @param vocabulary tokens it knows: rows of the embedding
 * @param channels width of the residual
 * @param headSize key and value dimension of a head
 * @param ffnChannels width of channel mixing
 * @param ranks of the low-rank projections by letter, as in {@code {w=64, a=64, v=32, g=128}}
 * @param parameters numbers in all its tensors
 * @param weightBytes bytes of all its tensors as stored
 * @param stored the type most of its numbers are stored in
 * @param stateParts what the state of one layer consists of, in order
 */
public record ModelSpec(
    Version version,
    int vocabulary,
    int channels,
    int layers,
    int heads,
    int headSize,
    int ffnChannels,
    Map<String, Integer> ranks,
    long parameters,
    long weightBytes,
    DType stored,
    List<StatePart> stateParts) {

  public ModelSpec {
    ranks = Map.copyOf(ranks);
    stateParts = List.copyOf(stateParts);
  }

  /** Bytes of that part of one sequence's state that does not grow with the text, in f32. */
  public long stateBytes() {
    return bytes(false) * layers;
  }

  /**
   * Bytes by which the state of one sequence grows with every token: 0 for most versions; for those
   * that look back over the text, what they keep of a token, and the token.
   */
  public long stateBytesPerToken() {
    return grows() ? bytes(true) * layers + Integer.BYTES : 0;
  }

  /** Whether the state grows with the text. */
  public boolean grows() {
    return stateParts.stream().anyMatch(StatePart::grows);
  }

  private long bytes(boolean grows) {
    return stateParts.stream()
        .filter(part -> part.grows() == grows)
        .mapToLong(part -> part.count() * 4L)
        .sum();
  }

  /**
   * Bytes of the key-value cache of a transformer of this shape (as many layers and channels, every
   * head with its own keys and values) in f16 after {@code tokens} tokens: 2 · layers · channels ·
   * tokens · 2.
   */
  public long transformerCacheBytes(long tokens) {
    return 2L * layers * channels * tokens * 2;
  }

  /**
   * Position of a part of the state in {@link #stateParts()}, or -1 if there is none of that name.
   */
  public int statePart(String name) {
    for (int i = 0; i < stateParts.size(); i++) {
      if (stateParts.get(i).name().equals(name)) {
        return i;
      }
    }
    return -1;
  }
}
