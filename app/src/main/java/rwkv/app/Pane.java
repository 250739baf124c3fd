package rwkv.app;

/** The parts of the window that can be hidden. */
enum Pane {
  TEXT("Text"),
  WALL("State wall"),
  HEAD("Head"),
  DECAY("Decay curves");

  private final String title;

  Pane(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
