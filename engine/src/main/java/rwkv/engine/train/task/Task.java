package rwkv.engine.train.task;

import java.util.List;

/** Something to learn, with known answers. Immutable; may be asked by several threads. */
public interface Task {

  /** As in {@code parity}. */
  String name();

  /** What its tokens stand for. */
  Vocabulary vocabulary();

  /**
   * What step {@code step} learns from: the same for the same task, always, so that a training goes
   * on from the number of steps it has made.
   *
   * @param step counted from 0
   */
  Batch batch(long step);

  /** Examples that no batch shows, the same each time. */
  List<Example> heldOut();
}
