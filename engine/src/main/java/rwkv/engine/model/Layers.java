package rwkv.engine.model;

import java.util.List;
import rwkv.engine.backend.Buffer;

/** The blocks of a version, and the buffers that they share. */
interface Layers {

  /**
   * A forward pass begins.
   *
   * @param tokens {@code [batch, time]}, row-major
   * @param x their embeddings after ln0, {@code [batch, time, channels]}; not to be changed, and
   *     changed by the pass
   */
  void begin(int[] tokens, Buffer x);

  /** What a block does, in order. */
  List<Residual> block(int layer);
}
