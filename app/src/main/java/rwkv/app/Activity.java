package rwkv.app;

/** What the middle of the window is for. */
enum Activity {
  EXPLORE,
  /** Like {@link #EXPLORE}, with a talk in the place of text and state wall. */
  CHAT,
  TENSORS,
  DECAY_LAB,
  PROBES,
  PLUGINS,
  CARD
}
