package rwkv.engine.model;

/** What the tensors of one version mean. */
interface Architecture {

  Layers layers();

  ModelSpec spec(int vocabulary);

  /** The state before the first token: zeros, unless the checkpoint carries a tuned one. */
  StateSnapshot initial(ModelSpec spec);
}
