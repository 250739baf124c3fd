package rwkv.engine.model;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import rwkv.engine.backend.Buffer;

/**
 * Blocks that are a list of branches each and share buffers.
 *
 * @param <B> the buffers of the version
 */
final class BlockLayers<B> implements Layers {

  private final Maker<B> maker;
  private final List<List<Residual>> blocks = new ArrayList<>();
  private @Nullable B buffers;
  private int batch;
  private int time;

  /** Makes buffers for so many sequences of so many tokens. */
  @FunctionalInterface
  interface Maker<B> {
    B make(int batch, int time);
  }

  BlockLayers(Maker<B> maker) {
    this.maker = maker;
  }

  /** Adds a block. */
  void add(Residual... branches) {
    blocks.add(List.of(branches));
  }

  @Override
  public void begin(int[] tokens, Buffer x) {
    if (buffers == null || x.batch() != batch || x.time() != time) {
      batch = x.batch();
      time = x.time();
      buffers = maker.make(batch, time);
    }
  }

  @Override
  public List<Residual> block(int layer) {
    return blocks.get(layer);
  }

  /** The buffers of the pass that has begun. */
  B buffers() {
    if (buffers == null) {
      throw new IllegalStateException("not begun");
    }
    return buffers;
  }
}
