package rwkv.app;

/** What the middle of the window is for. */
enum Activity {
  EXPLORE,
  CARD
}
