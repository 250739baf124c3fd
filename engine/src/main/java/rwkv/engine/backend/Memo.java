package rwkv.engine.backend;

/**
 * What has been worked out from a {@link History} and is kept, so that it is not worked out again
 * at every token. It is never part of a state: forgetting it changes how long the next step takes,
 * and nothing else.
 */
@FunctionalInterface
public interface Memo {

  /** The history of a sequence has been replaced. */
  void forget(int sequence);
}
