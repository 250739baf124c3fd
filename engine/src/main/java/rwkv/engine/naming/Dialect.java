package rwkv.engine.naming;

import java.util.Map;
import rwkv.engine.checkpoint.Checkpoint;

/** What one kind of file calls the tensors, and what it stores differently. */
interface Dialect {

  /** Whether a file's tensors are called so. */
  boolean isSpokenBy(Checkpoint checkpoint);

  /**
   * A file's tensors by official name, in the order of the file; what has no official name stands
   * under the file's own.
   *
   * @throws rwkv.engine.checkpoint.CheckpointException if a tensor has not the shape that it must
   *     have to be taken apart, or two stand for the same official one
   */
  Map<String, Part> parts(Checkpoint checkpoint);
}
